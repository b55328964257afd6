package dev.polder.server.suite.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.ErrorCode;
import dev.polder.server.suite.TestServer;
import dev.polder.server.suite.TestSession;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single points of SQL that a user may rely on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StatementDetailsTest {
  private TestServer server;
  private TestSession session;

  @BeforeAll
  void start(@TempDir Path directory) {
    server = TestServer.start(directory);
    session = server.admin();
  }

  @AfterAll
  void stop() throws Exception {
    session.close();
    server.close();
  }

  @Test
  void aViewKeepsTheMomentOfItsOwnAtClause() {
    session.runAll("CREATE TABLE moments (n INTEGER)", "INSERT INTO moments VALUES (1)");
    String then = session.value("SELECT now()::VARCHAR");
    session.runAll(
        "INSERT INTO moments VALUES (2)",
        "CREATE VIEW past AS SELECT n FROM moments AT (TIMESTAMP => '" + then + "')",
        "CREATE VIEW both_times AS SELECT count(*) AS c FROM moments AS m, past AS p");
    assertThat(session.query("SELECT n FROM past").column(0)).containsExactly("1");
    assertThat(session.value("SELECT c FROM both_times")).isEqualTo("2");
    session.run("INSERT INTO moments VALUES (3)");
    assertThat(session.query("SELECT n FROM past").column(0)).containsExactly("1");
    assertThat(session.query("SELECT n FROM past AT (TIMESTAMP => now())").column(0))
        .containsExactly("1");
  }

  @Test
  void aComputedMomentIsComputedAnewForEachStatement() {
    session.runAll("CREATE TABLE growing (n INTEGER)", "INSERT INTO growing VALUES (1)");
    String sql = "SELECT count(*) FROM growing AT (TIMESTAMP => now() - INTERVAL 1 SECOND)";
    Awaitility.await().ignoreExceptions().until(() -> session.value(sql).equals("1"));
    session.run("INSERT INTO growing VALUES (2)");
    assertThat(session.value("SELECT count(*) FROM growing")).isEqualTo("2");
    Awaitility.await().until(() -> session.value(sql).equals("2"));
  }

  @Test
  void namesOfUnpackedColumnsTellTheDatabaseAndNotItsCatalog() {
    session.run("CREATE TABLE wide (a INTEGER, b INTEGER)");
    session.run("INSERT INTO wide VALUES (1, 2), (3, 0)");
    var answer = session.query("SELECT greatest(*COLUMNS(*)) FROM wide ORDER BY a DESC");
    assertThat(answer.columns())
        .containsExactly("greatest(default.main.wide.a, default.main.wide.b)");
    assertThat(answer.column(0)).containsExactly("3", "2");
  }

  @Test
  void defaultsReadAsLiterals() {
    session.run(
        "CREATE TABLE defaulted (d DATE DEFAULT DATE '2024-02-29', s VARCHAR DEFAULT 'it''s')");
    assertThat(
            session
                .query(
                    "SELECT column_default FROM information_schema.columns WHERE table_name ="
                        + " 'defaulted' ORDER BY ordinal_position")
                .column(0))
        .containsExactly("DATE '2024-02-29'", "'it''s'");
  }

  @Test
  void rowsAreStoredInTheOrderThatTheirSelectGives() {
    session.run("CREATE TABLE sorted (n BIGINT, pad VARCHAR)");
    session.run(
        "INSERT INTO sorted SELECT range, repeat(range::VARCHAR, 20) FROM range(600000) ORDER BY"
            + " hash(range)");
    assertThat(
            session.value(
                "SELECT count(*) FROM (SELECT hash(n) AS h, lag(hash(n)) OVER () AS before FROM"
                    + " sorted) WHERE before > h"))
        .isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT pg_catalog.version()",
        "SELECT pg_catalog.current_schema()",
        "SELECT PG_CATALOG.current_database()",
        "SELECT \"pg_catalog\".\"version\"()",
        "SELECT pg_catalog.lower('X') AS l",
        "SELECT pg_catalog.format_type(23, 0)",
        "SELECT pg_catalog.count(*) FROM (VALUES (1)) AS v(a)",
        "SELECT lower(pg_catalog.concat(pg_catalog.current_schema(), 'X'))",
      })
  void functionsMayBeCalledByTheirCatalog(String sql) {
    String plain = sql.replaceAll("(?i)\"?pg_catalog\"?\\.", "");
    assertThat(session.query(sql).rows()).isEqualTo(session.query(plain).rows());
    assertThat(session.query(sql).rows().toString()).doesNotContain("memory").doesNotContain("p_");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT pg_catalog.read_text('/etc/passwd')",
        "SELECT system.main.version()",
        "SELECT system.pg_catalog.current_database()",
        "SELECT main.current_user()",
        "SELECT pg_catalog.getvariable('x')",
      })
  void functionsThatAreRefusedAreSoUnderAnySchema(String sql) {
    assertThat(session.refusal(sql).code())
        .isIn(
            ErrorCode.FUNCTION_NOT_ALLOWED, ErrorCode.NOT_SUPPORTED, ErrorCode.FUNCTION_NOT_FOUND);
  }

  @Test
  void aColumnBecomesNotNullWhereTheDataAllowsIt() {
    session.runAll(
        "CREATE TABLE strict (id INTEGER, name VARCHAR)",
        "INSERT INTO strict VALUES (1, 'a'), (2, NULL)");
    var refusal = session.refusal("ALTER TABLE strict ALTER COLUMN name SET NOT NULL");
    assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_NULL_VIOLATION);
    assertThat(refusal).hasMessageContaining("1 NULL");
    session.runAll(
        "ALTER TABLE strict ALTER COLUMN id SET NOT NULL",
        "UPDATE strict SET name = 'b' WHERE name IS NULL",
        "ALTER TABLE strict ALTER COLUMN name SET NOT NULL");
    assertThat(session.refusal("INSERT INTO strict VALUES (3, NULL)").code())
        .isEqualTo(ErrorCode.NOT_NULL_VIOLATION);
    assertThat(session.query("SHOW COLUMNS FROM strict").column(2)).containsOnly("NO");
  }

  @Test
  void aRowWithNullMeetsTheNotNullThatCameMeanwhile() {
    session.run("CREATE TABLE raced (id INTEGER)");
    try (TestSession other = server.admin()) {
      other.runAll("BEGIN", "INSERT INTO raced VALUES (NULL)");
      session.run("ALTER TABLE raced ALTER COLUMN id SET NOT NULL");
      assertThat(other.refusal("COMMIT").code()).isEqualTo(ErrorCode.TRANSACTION_CONFLICT);
    }
    assertThat(session.query("FROM raced").rows()).isEqualTo(List.of());
  }

  @Test
  void returningGivesTheNewRowsOfAnUpdateAndTheOldOnesOfADelete() {
    session.runAll(
        "CREATE TABLE returned (id INTEGER, n INTEGER)",
        "INSERT INTO returned VALUES (1, 10), (2, 20), (3, 30)");
    assertThat(
            session
                .query("UPDATE returned AS r SET n = n + 1 WHERE id > 1 RETURNING r.id * 2 AS d, n")
                .sorted())
        .satisfies(answer -> {
          assertThat(answer.columns()).containsExactly("d", "n");
          assertThat(answer.rows()).containsExactly(List.of("4", "21"), List.of("6", "31"));
        });
    assertThat(session.query("DELETE FROM returned WHERE n = 21 RETURNING *").rows())
        .containsExactly(List.of("2", "21"));
    assertThat(session.query("DELETE FROM returned WHERE n = 0 RETURNING id").rows()).isEmpty();
    assertThat(session.query("UPDATE returned SET n = 0 WHERE false RETURNING id").rows())
        .isEmpty();
    assertThat(session.query("DELETE FROM returned RETURNING id").sorted().column(0))
        .containsExactly("1", "3");
    assertThat(session.value("SELECT count(*) FROM returned")).isEqualTo("0");
    assertThat(session.refusal("DELETE FROM returned RETURNING nothing").code())
        .isEqualTo(ErrorCode.COLUMN_NOT_FOUND);
  }

  @Test
  void anExpressionThatFailsInReturningUndoesTheDelete() {
    session.runAll("CREATE TABLE undone (s VARCHAR)", "INSERT INTO undone VALUES ('x')");
    assertThat(session.refusal("DELETE FROM undone RETURNING s::INTEGER").code())
        .isEqualTo(ErrorCode.CONVERSION_ERROR);
    assertThat(session.value("SELECT count(*) FROM undone")).isEqualTo("1");
  }
}
