package dev.polder.duck.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.duck.CatalogHandle;
import dev.polder.duck.DeletedRowsRegistration;
import dev.polder.duck.Engine;
import dev.polder.duck.InstanceConnection;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ParquetScanTest {
  private static final List<ScanColumn> COLUMNS =
      List.of(
          ScanColumn.of("Id", "INTEGER", 1),
          ScanColumn.of("k", "BIGINT", 2),
          ScanColumn.of("name", "VARCHAR", 3));

  @TempDir static Path directory;
  private static Engine engine;
  private static ScanFile a;
  private static ScanFile b;

  @BeforeAll
  static void write() throws Exception {
    engine = new Engine(directory);
    Files.createDirectories(engine.data);
    a = file("a", 0, 0, 100_000);
    b = file("b", 1, 100_000, 200_000);
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static ScanFile file(String name, int index, int from, int to) {
    Path path = engine.data.resolve(name + ".parquet");
    copy(
        "SELECT range::INTEGER AS \"Id\", range % 100 AS k, 'v' || range AS name FROM range("
            + from
            + ", "
            + to
            + ")",
        path,
        "{\"Id\": 1, k: 2, name: 3}");
    return new ScanFile(path.toString(), index, to - from, false);
  }

  private static void copy(String select, Path path, String fieldIds) {
    try (InstanceConnection connection = engine.instance.connect()) {
      connection.execute(
          "COPY (" + select + ") TO '" + path + "' (FORMAT parquet, FIELD_IDS " + fieldIds + ")",
          List.of());
    }
  }

  private static ScanFile deleted(ScanFile file) {
    return new ScanFile(file.path(), file.index(), file.recordCount(), true);
  }

  private static List<List<Object>> rows(String query, ParquetScan scan) {
    CatalogHandle catalog =
        engine.instance.attachPrivate(
            name -> List.of("CREATE VIEW " + name + ".main.t AS " + scan.sql()));
    try (catalog;
        InstanceConnection connection = engine.instance.connect()) {
      connection.use(catalog, "main");
      return connection.rows(query, List.of());
    }
  }

  private static String plan(String query, ParquetScan scan) {
    return rows("EXPLAIN " + query, scan).toString();
  }

  @Test
  void files_with_the_tables_own_names_are_read_with_filters_and_estimates_kept() {
    ParquetScan scan = ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(a, b))));
    assertThat(rows("SELECT count(*), sum(\"Id\")::BIGINT FROM t", scan))
        .containsExactly(List.of(200_000L, 199_999L * 100_000));
    assertThat(plan("SELECT name FROM t WHERE id = 7", scan))
        .contains("Filters: Id = 7", "~40,000 rows")
        .doesNotContain("Projections: Id, k, name");
    assertThat(rows("DESCRIBE t", scan).stream().map(r -> r.get(0) + " " + r.get(1)))
        .containsExactly("Id INTEGER", "k BIGINT", "name VARCHAR");
  }

  @Test
  void deleted_rows_are_left_out_of_the_files_that_have_deletes() {
    try (DeletedRowsRegistration deletes =
        engine.instance.register((file, row) -> file == 1 && row % 2 == 0)) {
      ParquetScan scan =
          ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(a, deleted(b)))))
              .withDeletes(deletes.handle());
      assertThat(rows("SELECT count(*) FROM t", scan)).containsExactly(List.of(150_000L));
      assertThat(rows("SELECT count(*) FROM t WHERE id IN (100000, 100001, 3)", scan))
          .containsExactly(List.of(2L));
      assertThat(rows("SELECT id FROM t ORDER BY id DESC LIMIT 2", scan))
          .containsExactly(List.of(199_999), List.of(199_997));
      assertThat(plan("SELECT name FROM t WHERE id = 7", scan)).contains("Filters: Id = 7");
    }
  }

  @Test
  void several_files_with_deletes_are_told_apart_by_their_path() {
    try (DeletedRowsRegistration deletes =
        engine.instance.register((file, row) -> row < (file == 0 ? 10 : 20))) {
      ParquetScan scan =
          ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(deleted(a), deleted(b)))))
              .withDeletes(deletes.handle());
      assertThat(rows("SELECT min(id), count(*) FROM t WHERE id < 100000", scan))
          .containsExactly(List.of(10, 99_990L));
      assertThat(rows("SELECT min(id), count(*) FROM t WHERE id >= 100000", scan))
          .containsExactly(List.of(100_020, 99_980L));
    }
  }

  @Test
  void very_many_files_with_deletes_are_read_at_once() {
    java.util.List<ScanFile> files = new java.util.ArrayList<>();
    for (int i = 0; i < 70; i++) {
      Path path = engine.data.resolve("many" + i + ".parquet");
      copy(
          "SELECT " + i + " AS \"Id\", range AS k, 'x' AS name FROM range(10)",
          path,
          "{\"Id\": 1, k: 2, name: 3}");
      files.add(new ScanFile(path.toString(), i, 10, true));
    }
    try (DeletedRowsRegistration deletes =
        engine.instance.register((file, row) -> row == file % 10)) {
      ParquetScan scan =
          ParquetScan.of(COLUMNS, List.of(FileGroup.byName(files))).withDeletes(deletes.handle());
      assertThat(rows("SELECT count(*), count(*) FILTER (k = id % 10) FROM t", scan))
          .containsExactly(List.of(630L, 0L));
      assertThat(scan.sql()).contains("MATERIALIZED");
    }
  }

  @Test
  void a_scan_whose_deletes_are_gone_fails_instead_of_showing_them() {
    DeletedRowsRegistration deletes = engine.instance.register((file, row) -> true);
    long handle = deletes.handle();
    deletes.close();
    ParquetScan scan =
        ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(deleted(a))))).withDeletes(handle);
    assertThatThrownBy(() -> rows("SELECT count(*) FROM t", scan))
        .isInstanceOf(PolderException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM t WHERE CASE WHEN k = 13 THEN error('seen ' || name) ELSE true END",
        "SELECT count(*) FROM t WHERE CAST(CASE WHEN k = 13 THEN name ELSE '1' END AS INTEGER) = 1",
        "SELECT count(CASE WHEN k = 13 THEN CAST(name AS INTEGER) ELSE 1 END) FROM t",
        "SELECT max(CASE WHEN k = 13 THEN error(name) ELSE 1 END) FROM t GROUP BY k % 7 HAVING count(*) > 1",
        "SELECT count(*) FROM t x JOIN t y ON x.id = y.id AND CASE WHEN x.k = 13 THEN CAST(x.name AS INTEGER) = 1 ELSE true END",
        "SELECT name FROM t ORDER BY CASE WHEN k = 13 THEN CAST(name AS INTEGER) ELSE 1 END LIMIT 3",
        "SELECT count(*) FROM t WHERE id < 1000 AND CAST(replace(name, 'v', CASE WHEN k = 13 THEN 'x' ELSE '' END) AS INTEGER) >= 0",
        "SELECT count(*) FROM (SELECT *, CASE WHEN k = 13 THEN error(name) ELSE 0 END AS e FROM t) WHERE e = 0",
        "SELECT sum(CASE WHEN k = 13 THEN CAST('999' AS TINYINT) ELSE 1 END) OVER () FROM t LIMIT 1",
        "SELECT count(*) FROM t WHERE EXISTS (SELECT 1 FROM range(3) r WHERE CASE WHEN t.k = 13 THEN error(t.name) ELSE true END)",
      })
  void failing_expressions_never_see_deleted_or_filtered_rows(String query) {
    try (DeletedRowsRegistration deletes =
        engine.instance.register((file, row) -> row % 100 == 13)) {
      ParquetScan files =
          ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(deleted(a), deleted(b)))))
              .withDeletes(deletes.handle());
      assertThat(rows(query, files)).isNotEmpty();
      ParquetScan all = ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(a, b))));
      for (String predicate :
          List.of(
              "k <> 13",
              "upper(name) NOT LIKE 'V%13'",
              "NOT (k % 100 = 13)",
              "NOT regexp_matches(name, '^v[0-9]*13$')",
              "CAST(name[2:] AS INTEGER) % 100 <> 13 AND k + id <> -1",
              "k NOT IN (SELECT 13)")) {
        assertThat(rows(query, filtered(all, predicate))).as(predicate).isNotEmpty();
        assertThat(rows(query, filtered(files, predicate))).as(predicate).isNotEmpty();
      }
      assertThatThrownBy(() -> rows(query, all))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isNotEqualTo(ErrorCode.INSTANCE_FAILED));
    }
  }

  @Test
  void a_failure_inside_of_the_scan_keeps_its_code_and_message() {
    try (DeletedRowsRegistration deletes =
        engine.instance.register((file, row) -> {
          throw new PolderException(ErrorCode.DATA_FILE_MISSING, "the \"deletes\" are missing");
        })) {
      ParquetScan scan =
          ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(deleted(a)))))
              .withDeletes(deletes.handle());
      assertThatThrownBy(() -> rows("SELECT count(*) FROM t", scan))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILE_MISSING))
          .hasMessage("the \"deletes\" are missing");
    }
  }

  @Test
  void a_list_of_values_needs_no_barrier() {
    ParquetScan all = ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(a, b))));
    ParquetScan listed = filtered(all, "name IN ('v1', 'v2', 'v5')");
    assertThat(listed.sql()).doesNotContain("MATERIALIZED");
    assertThat(rows("SELECT count(*) FROM t", listed)).containsExactly(List.of(3L));
  }

  private static ParquetScan filtered(ParquetScan scan, String predicate) {
    try (InstanceConnection connection = engine.instance.connect()) {
      return PushdownCheck.checked(
          connection, scan.withPolicies(new RowFilter(predicate, false), Map.of()));
    }
  }

  @Test
  void only_predicates_that_the_reader_takes_over_go_without_a_barrier() {
    ParquetScan all = ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(a, b))));
    assertThat(filtered(all, "k <> 13").sql()).doesNotContain("MATERIALIZED");
    assertThat(filtered(all, "k + id <> 13").sql()).contains("MATERIALIZED");
    assertThat(filtered(all, "k NOT IN (SELECT 13)").sql()).contains("MATERIALIZED");
    assertThat(filtered(all, "CAST(name AS INTEGER) <> 13").sql()).contains("MATERIALIZED");
  }

  @Test
  void masks_replace_columns_and_filters_see_the_unmasked_ones() {
    ParquetScan scan =
        ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(a))))
            .withPolicies(new RowFilter("name = 'v5' -- comment", true), Map.of("name", "'***'"));
    assertThat(rows("FROM t", scan)).containsExactly(List.of(5, 5L, "***"));
    assertThat(rows("SELECT count(*) FROM t WHERE name = 'v5'", scan)).containsExactly(List.of(0L));
  }

  @Test
  void rows_can_be_identified_under_names_nobody_can_guess() {
    RowIdentity identity = RowIdentity.unguessable();
    ParquetScan scan =
        ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(a, b)))).withIdentity(identity);
    assertThat(
            rows(
                "SELECT "
                    + identity.fileColumn()
                    + ", "
                    + identity.rowColumn()
                    + " FROM t WHERE id = 100042",
                scan))
        .containsExactly(List.of(1, 42L));
  }

  @Test
  void an_empty_table_has_its_columns() {
    ParquetScan scan = ParquetScan.of(COLUMNS, List.of()).withIdentity(RowIdentity.unguessable());
    assertThat(rows("SELECT id, k, name FROM t", scan)).isEmpty();
  }

  @Test
  void evolved_files_are_read_by_field_id_at_every_level() {
    Path path = engine.data.resolve("old.parquet");
    copy(
        "SELECT 7 AS old_id, {'x': 1::BIGINT, 'gone': 2} AS s, [{'y': 3::BIGINT}] AS l,"
            + " MAP {'k': {'z': 4::BIGINT}} AS m",
        path,
        "{old_id: 1, s: {__duckdb_field_id: 4, x: 5, gone: 6}, l: {__duckdb_field_id: 7, element:"
            + " {__duckdb_field_id: 8, y: 9}}, m: {__duckdb_field_id: 10, key: 11, value:"
            + " {__duckdb_field_id: 12, z: 13}}}");
    List<ScanColumn> columns =
        List.of(
            ScanColumn.of("id", "BIGINT", 1),
            new ScanColumn(
                "s", "STRUCT(x2 BIGINT)", 4, List.of(ScanColumn.of("x2", "BIGINT", 5)), null),
            new ScanColumn(
                "l",
                "STRUCT(y2 BIGINT)[]",
                7,
                List.of(
                    new ScanColumn(
                        "element",
                        "STRUCT(y2 BIGINT)",
                        8,
                        List.of(ScanColumn.of("y2", "BIGINT", 9)),
                        null)),
                null),
            new ScanColumn(
                "m",
                "MAP(VARCHAR, STRUCT(z2 BIGINT))",
                10,
                List.of(
                    ScanColumn.of("key", "VARCHAR", 11),
                    new ScanColumn(
                        "value",
                        "STRUCT(z2 BIGINT)",
                        12,
                        List.of(ScanColumn.of("z2", "BIGINT", 13)),
                        null)),
                null),
            new ScanColumn("added", "VARCHAR", 20, List.of(), "it's new"),
            new ScanColumn("added2", "DATE", 21, List.of(), null),
            ScanColumn.of("part", "DATE", 22));
    ParquetScan scan =
        ParquetScan.of(
            columns,
            List.of(
                new FileGroup(
                    List.of(new ScanFile(path.toString(), 0, 1, false)),
                    false,
                    Map.of(22, "DATE '2024-01-01'"),
                    Map.of())));
    assertThat(
            rows(
                "SELECT id, s.x2, l[1].y2, m['k'].z2, added, added2 IS NULL, part = DATE '2024-01-01' FROM t",
                scan))
        .containsExactly(List.of(7L, 1L, 3L, 4L, "it's new", true, true));
  }

  @Test
  void groups_of_both_kinds_make_one_table() {
    Path path = engine.data.resolve("renamed.parquet");
    copy("SELECT -1 AS was_id, 'x' AS name", path, "{was_id: 1, name: 3}");
    ParquetScan scan =
        ParquetScan.of(
            COLUMNS,
            List.of(
                FileGroup.byName(List.of(a)),
                FileGroup.byFieldId(List.of(new ScanFile(path.toString(), 5, 1, false)))));
    assertThat(rows("SELECT min(\"Id\"), count(*), count(k) FROM t", scan))
        .containsExactly(List.of(-1, 100_001L, 100_000L));
  }

  @Test
  void the_materialised_form_gives_the_same_rows() {
    ParquetScan scan = ParquetScan.of(COLUMNS, List.of(FileGroup.byName(List.of(a))));
    assertThat(engine.rows("SELECT count(*) FROM (" + scan.materialized() + ") AS t"))
        .containsExactly(List.of(100_000L));
  }
}
