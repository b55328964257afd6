package dev.polder.engine.source;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.metastore.source.SourceTable;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.Securable;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What users see of tables of sources: names, rights, policies, and the same answers as DuckDB. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceQueriesTest {
  private static final SpaceKey SPACE = new SpaceKey(DatabaseId.DEFAULT, TenantId.DEFAULT);

  @TempDir static Path directory;

  private TestSources sources;
  private EngineHarness engine;
  private Session admin;
  private Session ann;
  private Source fed;

  @BeforeAll
  void start() throws Exception {
    Path file = directory.resolve("shop.db");
    database(
        file,
        "CREATE TABLE orders AS SELECT i AS id, 'c' || (i % 10) AS customer, i * 1.5::DECIMAL(10,2)"
            + " AS total, DATE '2026-01-01' + (i % 30)::INTEGER AS day FROM range(1000) r(i)",
        "CREATE TABLE lines AS SELECT i AS order_id, j AS line, i * j AS amount FROM range(1000)"
            + " r(i), range(3) s(j)",
        "CREATE TABLE big AS SELECT i AS id, i % 100 AS kind FROM range(20000) r(i)",
        "CREATE SCHEMA hr",
        "CREATE TABLE hr.staff AS SELECT 1 AS id, 'ann' AS name, 100 AS salary UNION ALL SELECT 2,"
            + " 'bob', 200");
    Path attached = directory.resolve("attached.db");
    database(attached, "CREATE TABLE facts AS SELECT 42 AS answer, 'x' AS word");
    sources = new TestSources(directory.resolve("files"));
    engine = new EngineHarness(directory, Clock.systemUTC(), sources);
    admin = engine.admin();
    fed =
        engine
            .metastore()
            .write(tx ->
                tx.sources()
                    .put(
                        SPACE,
                        SourceDefinition.ofConnector(
                            new SourceAlias("fed"),
                            "duckdb",
                            Map.of("path", file.toString()),
                            true),
                        Optional.empty()));
    engine
        .metastore()
        .write(tx ->
            tx.sources()
                .put(
                    SPACE,
                    SourceDefinition.ofSetupSql(
                        new SourceAlias("att"), "ATTACH '" + attached + "' AS att (READ_ONLY)"),
                    Optional.empty()));
    run(admin, "CREATE TABLE local AS SELECT range AS id, 'n' || range AS name FROM range(5)");
    run(admin, "CREATE USER ann PASSWORD 'long-enough-1'");
    run(admin, "GRANT SELECT ON local TO USER ann");
    ann = engine.open("ann", "long-enough-1", "default");
  }

  private static void database(Path file, String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @AfterAll
  void stop() {
    engine.close();
    sources.close();
  }

  private void grant(String... path) {
    engine
        .metastore()
        .write(tx -> {
          Principal principal = tx.principals().find(new PrincipalName("ann")).orElseThrow();
          tx.grants()
              .grant(
                  tx.roles().personal(principal).id(),
                  Privilege.SELECT,
                  new Securable.Source(SPACE, fed.id(), List.of(path)),
                  Optional.empty());
          return true;
        });
  }

  private void revoke(String... path) {
    engine
        .metastore()
        .write(tx -> {
          Principal principal = tx.principals().find(new PrincipalName("ann")).orElseThrow();
          return tx.grants()
              .revoke(
                  tx.roles().personal(principal).id(),
                  Privilege.SELECT,
                  new Securable.Source(SPACE, fed.id(), List.of(path)));
        });
  }

  @Test
  void a_table_is_named_with_its_alias_and_schema_or_with_its_alias_alone() {
    assertThat(column(admin, "SELECT count(*) AS n FROM fed.main.orders", "n"))
        .containsExactly(1000L);
    assertThat(column(admin, "SELECT count(*) AS n FROM FED.orders WHERE id < 10", "n"))
        .containsExactly(10L);
    assertThat(column(admin, "SELECT fed.hr.staff.name FROM fed.hr.staff ORDER BY 1", "name"))
        .containsExactly("ann", "bob");
  }

  @Test
  void it_joins_with_itself_and_with_tables_of_the_lake() {
    assertThat(
            column(
                admin,
                "SELECT sum(l.amount)::BIGINT AS n FROM local t JOIN fed.orders o ON o.id = t.id"
                    + " JOIN fed.lines l ON l.order_id = o.id",
                "n"))
        .containsExactly(30L);
    assertThat(
            column(
                admin,
                "SELECT count(*) AS n FROM fed.orders a JOIN fed.orders b ON a.id = b.id + 1",
                "n"))
        .containsExactly(999L);
  }

  @Test
  void queries_that_read_it_more_than_once_give_the_same_as_ever() {
    assertThat(
            column(
                admin,
                "WITH RECURSIVE r(n) AS (SELECT 0::BIGINT UNION ALL SELECT n + 1 FROM r JOIN"
                    + " fed.orders o ON o.id = r.n WHERE n < 5) SELECT count(*) AS n FROM r",
                "n"))
        .containsExactly(6L);
    assertThat(
            column(
                admin,
                "WITH o AS (SELECT * FROM fed.orders) SELECT count(*) AS n FROM o a, o b WHERE a.id"
                    + " = b.id",
                "n"))
        .containsExactly(1000L);
    assertThat(
            run(admin, "PIVOT fed.orders ON customer USING sum(id)::BIGINT AS s")
                .getFirst()
                .keySet())
        .hasSizeGreaterThan(10);
  }

  @Test
  void a_statement_is_described_without_reading() {
    assertThat(
            admin.describe("SELECT id, total FROM fed.orders").columns().stream()
                .map(column -> column.name() + " " + column.type())
                .toList())
        .containsExactly("id BIGINT", "total DECIMAL(29,2)");
  }

  @Test
  void what_does_not_exist_is_told_to_who_may_know() {
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> run(admin, "SELECT * FROM fed.main.nope"));
    assertThatThrownBy(() -> run(ann, "SELECT * FROM fed.main.nope"))
        .hasMessage("missing SELECT grant on fed.main.nope");
  }

  @Test
  void reads_need_a_grant_on_the_source_and_no_other_one_counts() {
    assertThatThrownBy(() -> run(ann, "SELECT * FROM fed.main.orders"))
        .hasMessage("missing SELECT grant on fed.main.orders");
    run(admin, "GRANT SELECT ON DATABASE \"default\" TO USER ann");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SELECT * FROM fed.main.orders"));
    grant("main", "orders");
    assertThat(column(ann, "SELECT max(id) AS n FROM fed.main.orders", "n")).containsExactly(999L);
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SELECT * FROM fed.main.lines"));
    refused(
        ErrorCode.ACCESS_DENIED,
        () -> run(ann, "SELECT * FROM fed.main.orders WHERE id IN (SELECT id FROM fed.hr.staff)"));
    revoke("main", "orders");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SELECT * FROM fed.main.orders"));
  }

  @Test
  void a_grant_on_columns_shows_these_columns_alone() {
    grant("hr", "staff", "id");
    grant("hr", "staff", "name");
    assertThat(run(ann, "SELECT * FROM fed.hr.staff ORDER BY id").getFirst())
        .isEqualTo(Map.of("id", 1, "name", "ann"));
    assertThatThrownBy(() -> run(ann, "SELECT salary FROM fed.hr.staff"))
        .hasMessage("missing SELECT grant on fed.hr.staff.salary");
    assertThatThrownBy(() -> run(ann, "SELECT name FROM fed.hr.staff WHERE salary > 150"))
        .hasMessage("missing SELECT grant on fed.hr.staff.salary");
    revoke("hr", "staff", "id");
    revoke("hr", "staff", "name");
  }

  @Test
  void a_view_reads_a_source_with_its_owners_grants() {
    run(admin, "CREATE VIEW staff_names AS SELECT name FROM fed.hr.staff WHERE salary < 150");
    run(admin, "GRANT SELECT ON staff_names TO USER ann");
    assertThat(column(ann, "SELECT name FROM staff_names", "name")).containsExactly("ann");
    assertThat(column(ann, "SELECT a.name FROM staff_names a, staff_names b", "name"))
        .containsExactly("ann");
  }

  @Test
  void row_filters_and_masks_stand_below_everything_that_the_user_writes() {
    SourceTable lines = new SourceTable(fed.id(), "main", "lines");
    engine
        .metastore()
        .write(tx -> {
          tx.sources();
          tx.sourcePolicies()
              .create(
                  PolicyKind.ROW_FILTER,
                  "few",
                  lines,
                  Optional.empty(),
                  Optional.empty(),
                  "order_id < 3",
                  Optional.empty());
          tx.sourcePolicies()
              .create(
                  PolicyKind.COLUMN_MASK,
                  "hidden",
                  lines,
                  Optional.of("amount"),
                  Optional.empty(),
                  "-1",
                  Optional.empty());
          return true;
        });
    grant("main", "lines");
    assertThat(run(ann, "SELECT DISTINCT order_id, amount FROM fed.lines ORDER BY ALL"))
        .extracting(row -> row.get("order_id") + ":" + row.get("amount"))
        .containsExactly("0:-1", "1:-1", "2:-1");
    assertThat(column(ann, "SELECT count(*) AS n FROM fed.lines WHERE amount > 0", "n"))
        .containsExactly(0L);
    assertThat(
            column(
                ann,
                "SELECT count(*) AS n FROM (SELECT * FROM fed.lines LIMIT 1000000) WHERE order_id >"
                    + " 1",
                "n"))
        .containsExactly(3L);
    assertThat(
            column(
                ann,
                "SELECT count(*) AS n FROM fed.lines WHERE CASE WHEN order_id > 10 THEN"
                    + " error('seen') ELSE true END",
                "n"))
        .containsExactly(9L);
  }

  @Test
  void a_source_that_duckdb_attached_is_under_the_same_rights() {
    assertThat(run(admin, "SELECT * FROM att.main.facts")).hasSize(1);
    assertThat(column(admin, "SELECT f.answer FROM att.facts f JOIN local l ON l.id = 1", "answer"))
        .containsExactly(42);
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SELECT * FROM att.main.facts"));
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> run(admin, "SELECT * FROM att.main.nope"));
  }

  @Test
  void a_session_can_make_a_source_the_place_of_unqualified_names() {
    try (Session session = engine.admin()) {
      run(session, "USE fed.hr");
      assertThat(column(session, "SELECT count(*) AS n FROM staff", "n")).containsExactly(2L);
      assertThat(column(session, "SELECT count(*) AS n FROM main.orders", "n"))
          .containsExactly(1000L);
      assertThat(column(session, "SELECT current_schema() AS s", "s")).containsExactly("hr");
    }
  }

  @Test
  void reads_of_one_transaction_are_of_one_moment() {
    try (Session session = engine.admin()) {
      run(session, "BEGIN");
      assertThat(column(session, "SELECT count(*) AS n FROM fed.orders", "n"))
          .containsExactly(1000L);
      assertThat(column(session, "SELECT count(*) AS n FROM fed.lines", "n"))
          .containsExactly(3000L);
      run(session, "COMMIT");
    }
  }

  @Test
  void keys_of_a_local_table_say_which_rows_are_read() {
    String join = "SELECT count(*) AS n FROM local t JOIN fed.big b ON b.id = t.id";
    assertThat(run(admin, "EXPLAIN " + join).toString()).contains("IN (").contains("4");
    assertThat(column(admin, join, "n")).containsExactly(5L);
    assertThat(
            column(
                admin, "SELECT count(*) AS n FROM fed.big b LEFT JOIN local t ON b.id = t.id", "n"))
        .containsExactly(20_000L);
    assertThat(
            column(
                admin,
                "SELECT count(*) AS n FROM fed.big WHERE id IN (SELECT id FROM local WHERE name >"
                    + " 'n1')",
                "n"))
        .containsExactly(3L);
  }

  @Test
  void a_statement_that_writes_here_reads_sources_in_each_of_its_queries() {
    run(admin, "CREATE TABLE copied (id BIGINT, kind BIGINT)");
    assertThat(
            column(
                admin,
                "INSERT INTO copied SELECT id, kind FROM fed.big WHERE id BETWEEN 7 AND 8 RETURNING"
                    + " id + (SELECT count(*) FROM fed.orders) AS n",
                "n"))
        .containsExactlyInAnyOrder(1007L, 1008L);
    run(admin, "UPDATE copied SET kind = o.id FROM fed.orders o WHERE o.id = copied.id");
    assertThat(column(admin, "SELECT sum(kind)::BIGINT AS n FROM copied", "n"))
        .containsExactly(15L);
    run(admin, "DELETE FROM copied WHERE id IN (SELECT id FROM fed.orders WHERE id = 7)");
    assertThat(column(admin, "SELECT id FROM copied", "id")).containsExactly(8L);
  }

  @Test
  void groups_are_made_in_the_source() {
    String sql = "SELECT kind, count(*) AS n FROM fed.big WHERE id < 1000 GROUP BY kind ORDER BY 1";
    assertThat(run(admin, "EXPLAIN " + sql).toString()).contains("GROUP BY");
    assertThat(run(admin, sql))
        .hasSize(100)
        .allSatisfy(row -> assertThat(row.get("n")).isEqualTo(10L));
  }

  @Test
  void parameters_reach_the_source() {
    assertThat(
            column(
                admin,
                "SELECT count(*) AS n FROM fed.orders WHERE id >= 990 AND customer = 'c5'",
                "n"))
        .containsExactly(1L);
  }
}
