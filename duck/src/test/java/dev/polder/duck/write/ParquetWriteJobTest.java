package dev.polder.duck.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.duck.Engine;
import dev.polder.duck.InstanceConnection;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ParquetWriteJobTest {
  private static final long FILE_BYTES = 128L << 20;

  @TempDir Path directory;
  private Engine engine;

  @BeforeEach
  void start() {
    engine = new Engine(directory);
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private Path staging() {
    return engine.data.resolve("staging");
  }

  private List<WrittenFile> write(ParquetWriteJob job, Object... parameters) {
    try (InstanceConnection connection = engine.instance.connect()) {
      return job.run(connection, Arrays.asList(parameters));
    }
  }

  private ParquetWriteJob job(String select, WriteColumn... columns) {
    return new ParquetWriteJob(select, List.of(columns), List.of(), staging(), FILE_BYTES);
  }

  private Map<Integer, ColumnStats> stats(String select, WriteColumn... columns) {
    List<WrittenFile> files = write(job(select, columns));
    assertThat(files).hasSize(1);
    assertThat(files.getFirst().bytes()).isPositive();
    return files.getFirst().stats();
  }

  private ColumnStats stats(String type, String values) {
    return stats("SELECT * FROM (VALUES " + values + ") v(c)", WriteColumn.of("c", type, 1)).get(1);
  }

  private void assertBounds(String type, String values, Object min, Object max) {
    ColumnStats stats = stats(type, values);
    assertThat(stats.min()).as(type).isEqualTo(min);
    assertThat(stats.max()).as(type).isEqualTo(max);
    assertThat(stats.exact()).isTrue();
  }

  @Test
  void only_files_worth_splitting_say_where() {
    List<WrittenFile> large =
        write(
            job(
                "SELECT md5(i::VARCHAR) AS c FROM range(200000) r(i)",
                WriteColumn.of("c", "VARCHAR", 1)));
    assertThat(large)
        .allSatisfy(file -> {
          assertThat(file.bytes()).isGreaterThan(ParquetWriteJob.SPLIT_BYTES);
          assertThat(file.splitOffsets()).isSorted().startsWith(4L);
        });
    List<WrittenFile> small = write(job("SELECT 'a' AS c", WriteColumn.of("c", "VARCHAR", 1)));
    assertThat(small).allSatisfy(file -> assertThat(file.splitOffsets()).isEmpty());
  }

  @Test
  void bounds_have_the_types_of_their_columns() {
    assertBounds("BOOLEAN", "(true), (false)", false, true);
    assertBounds("INTEGER", "(-5), (7)", -5, 7);
    assertBounds("BIGINT", "(-5), (9000000000)", -5L, 9_000_000_000L);
    assertBounds("FLOAT", "(-1.5), (2.5)", -1.5f, 2.5f);
    assertBounds("DOUBLE", "(0.0), (-0.0)", -0.0, 0.0);
    assertBounds("DECIMAL(9,2)", "(-1.5), (2.25)", new BigDecimal("-1.50"), new BigDecimal("2.25"));
    assertBounds(
        "DECIMAL(38,3)",
        "(12345678901234567890.5), (2.25)",
        new BigDecimal("2.250"),
        new BigDecimal("12345678901234567890.500"));
    assertBounds(
        "DATE",
        "('2024-02-29'), ('1950-01-01')",
        LocalDate.of(1950, 1, 1),
        LocalDate.of(2024, 2, 29));
    assertBounds(
        "TIME",
        "('10:00:00.5'), ('23:59:59')",
        LocalTime.of(10, 0, 0, 500_000_000),
        LocalTime.of(23, 59, 59));
    LocalDateTime micros = LocalDateTime.of(2024, 2, 29, 1, 2, 3, 456_789_000);
    assertBounds("TIMESTAMP", "('2024-02-29 01:02:03.456789')", micros, micros);
    LocalDateTime nanos = LocalDateTime.of(2024, 2, 29, 1, 2, 3, 456_789_123);
    assertBounds("TIMESTAMP_NS", "('2024-02-29 01:02:03.456789123')", nanos, nanos);
    OffsetDateTime zoned = OffsetDateTime.parse("2024-02-28T23:02:03.456789Z");
    ColumnStats tz = stats("TIMESTAMP WITH TIME ZONE", "('2024-02-29 01:02:03.456789+02')");
    assertThat(tz.min())
        .isInstanceOfSatisfying(
            OffsetDateTime.class, t -> assertThat(t.toInstant()).isEqualTo(zoned.toInstant()));
    UUID uuid = UUID.fromString("f47ac10b-58cc-4372-a567-0e02b2c3d479");
    assertBounds("UUID", "('" + uuid + "')", uuid, uuid);
    assertBounds("VARCHAR", "('b'), ('a''ß\n,}')", "a'ß\n,}", "b");
    assertBounds(
        "BLOB",
        "('\\xAA\\x01'::BLOB)",
        ByteBuffer.wrap(new byte[] {(byte) 0xAA, 1}),
        ByteBuffer.wrap(new byte[] {(byte) 0xAA, 1}));
  }

  @Test
  void counts_are_exact_and_uncertain_bounds_are_left_out() {
    ColumnStats nulls = stats("INTEGER", "(NULL), (1), (NULL)");
    assertThat(nulls.valueCount()).isEqualTo(3);
    assertThat(nulls.nullCount()).isEqualTo(2);
    ColumnStats nan = stats("DOUBLE", "('nan'), ('1.0')");
    assertThat(nan.nanCount()).isEqualTo(1);
    ColumnStats longText = stats("VARCHAR", "(repeat('x', 100000)), ('a')");
    assertThat(longText.max()).isNotEqualTo("x");
    ColumnStats infinite = stats("DATE", "('infinity'), ('2024-01-01')");
    assertThat(infinite.max()).isNull();
    assertThat(infinite.exact()).isFalse();
    ColumnStats allNull = stats("INTEGER", "(NULL::INTEGER)");
    assertThat(allNull.min()).isNull();
  }

  @Test
  void nested_columns_carry_field_ids_and_metrics_at_every_level() {
    WriteColumn struct =
        new WriteColumn(
            "s",
            "STRUCT(\"a.b\" BIGINT, \"q\"\"q\" VARCHAR)",
            1,
            false,
            List.of(WriteColumn.of("a.b", "BIGINT", 2), WriteColumn.of("q\"q", "VARCHAR", 3)));
    WriteColumn list =
        new WriteColumn(
            "l", "INTEGER[]", 4, false, List.of(WriteColumn.of("element", "INTEGER", 5)));
    WriteColumn map =
        new WriteColumn(
            "m",
            "MAP(VARCHAR, BIGINT)",
            6,
            false,
            List.of(WriteColumn.of("key", "VARCHAR", 7), WriteColumn.of("value", "BIGINT", 8)));
    Map<Integer, ColumnStats> stats =
        stats(
            "SELECT {'a.b': 5::BIGINT, 'q\"q': 'x'} AS s, [1, 2, 3] AS l, MAP {'k': 9::BIGINT} AS m",
            struct,
            list,
            map);
    assertThat(stats.get(2).min()).isEqualTo(5L);
    assertThat(stats.get(3).max()).isEqualTo("x");
    assertThat(stats.get(5).valueCount()).isEqualTo(3);
    assertThat(stats.get(5).min()).isNull();
    assertThat(stats.get(8)).isNotNull();
    assertThat(
            engine.rows(
                "SELECT list(field_id ORDER BY field_id)::VARCHAR FROM parquet_schema(?) WHERE field_id IS NOT NULL",
                staging().resolve("data_0.parquet").toString()))
        .containsExactly(List.of("[1, 2, 3, 4, 5, 6, 7, 8]"));
  }

  @Test
  void rows_keep_their_order_and_large_results_are_split() {
    List<WrittenFile> files =
        write(
            new ParquetWriteJob(
                "SELECT range AS n, md5(range::VARCHAR) AS h FROM range(600000) ORDER BY hash(range)",
                List.of(WriteColumn.of("n", "BIGINT", 1), WriteColumn.of("h", "VARCHAR", 2)),
                List.of(),
                staging(),
                4 << 20,
                true));
    assertThat(files).hasSizeGreaterThan(1);
    assertThat(files.stream().mapToLong(WrittenFile::rows).sum()).isEqualTo(600_000);
    for (WrittenFile file : files) {
      assertThat(
              engine.rows(
                  "SELECT count(*) FROM (SELECT hash(n) AS h, lag(hash(n)) OVER (ORDER BY file_row_number) AS before"
                      + " FROM read_parquet(?, file_row_number = true)) WHERE before > h",
                  file.path().toString()))
          .containsExactly(List.of(0L));
    }
  }

  @Test
  void partitions_tell_null_from_the_text_null_and_survive_any_value() {
    String nasty = "a/b=c\n" + "é".repeat(300);
    List<WrittenFile> files =
        write(
            new ParquetWriteJob(
                "SELECT * FROM (VALUES (1, 'NULL'), (2, NULL), (3, ''), (4, ?), (5, 'NULL')) v(id, p)",
                List.of(WriteColumn.of("id", "INTEGER", 1), WriteColumn.of("p", "VARCHAR", 2)),
                List.of(
                    new PartitionColumn("p", "VARCHAR"),
                    new PartitionColumn("id % 2 = 0", "BOOLEAN")),
                staging(),
                FILE_BYTES),
            nasty);
    Map<List<String>, Long> rows = new HashMap<>();
    for (WrittenFile file : files) {
      rows.put(file.partition(), file.rows());
    }
    assertThat(rows)
        .isEqualTo(
            Map.of(
                List.of("NULL", "false"), 2L,
                Arrays.asList(null, "true"), 1L,
                List.of("", "false"), 1L,
                List.of(nasty, "true"), 1L));
    assertThat(
            engine.rows(
                "SELECT name FROM parquet_schema(?) WHERE field_id IS NOT NULL",
                files.getFirst().path().toString()))
        .containsExactly(List.of("id"), List.of("p"));
  }

  @Test
  void many_partitions_need_bounded_memory() {
    List<WrittenFile> files =
        write(
            new ParquetWriteJob(
                "SELECT range AS n, repeat('x', 50) || range AS pad FROM range(400000)",
                List.of(WriteColumn.of("n", "BIGINT", 1), WriteColumn.of("pad", "VARCHAR", 2)),
                List.of(new PartitionColumn("n % 1500", "BIGINT")),
                staging(),
                FILE_BYTES));
    assertThat(files.stream().map(WrittenFile::partition).distinct()).hasSize(1500);
    assertThat(files.stream().mapToLong(WrittenFile::rows).sum()).isEqualTo(400_000);
  }

  @Test
  void a_missing_value_of_a_required_column_is_refused_by_name() throws Exception {
    assertThatThrownBy(() ->
            write(
                job(
                    "SELECT NULL::INTEGER AS \"Needed\"",
                    new WriteColumn("Needed", "INTEGER", 1, true, List.of()))))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.NOT_NULL_VIOLATION);
              assertThat(e.getMessage()).contains("Needed");
            });
    assertStagingIsEmpty();
  }

  @Test
  void a_failing_select_names_its_cause_and_leaves_no_files() throws Exception {
    assertThatThrownBy(() ->
            write(
                job(
                    "SELECT CASE WHEN range = 900000 THEN CAST('x' || range AS INTEGER) ELSE 1 END AS c FROM range(1000000)",
                    WriteColumn.of("c", "INTEGER", 1))))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CONVERSION_ERROR);
              assertThat(e.getMessage()).contains("x900000");
            });
    assertStagingIsEmpty();
  }

  @Test
  void nothing_to_write_gives_no_file() throws Exception {
    assertThat(write(job("SELECT 1 AS c WHERE false", WriteColumn.of("c", "INTEGER", 1))))
        .isEmpty();
    assertStagingIsEmpty();
  }

  private void assertStagingIsEmpty() throws Exception {
    try (Stream<Path> left = Files.list(staging())) {
      assertThat(left).isEmpty();
    }
  }
}
