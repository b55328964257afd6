package dev.polder.server.suite.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.server.suite.TestServer;
import dev.polder.server.suite.TestSession;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that cannot be run are refused with their code, and nothing is changed by them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadStatementsTest {
  private static final List<List<String>> ROWS = List.of(List.of("1", "one"), List.of("2", "∅"));

  private TestServer server;
  private TestSession session;

  @BeforeAll
  void start(@TempDir Path directory) {
    server = TestServer.start(directory);
    session = server.admin();
    session.runAll(
        "CREATE TABLE kept (id INTEGER NOT NULL, v VARCHAR)",
        "INSERT INTO kept VALUES (1, 'one'), (2, NULL)");
  }

  @AfterEach
  void nothingIsChanged() {
    assertThat(session.query("SELECT * FROM kept ORDER BY id").rows()).isEqualTo(ROWS);
    assertThat(
            session
                .query(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'")
                .column(0))
        .containsExactly("kept");
  }

  @AfterAll
  void stop() throws Exception {
    session.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COLLECTION_NOT_FOUND | SELECT * FROM nowhere",
        "COLLECTION_NOT_FOUND | SELECT * FROM no_schema.kept",
        "COLLECTION_NOT_FOUND | INSERT INTO nowhere VALUES (1)",
        "COLLECTION_NOT_FOUND | DROP TABLE nowhere",
        "COLLECTION_NOT_FOUND | ALTER TABLE nowhere RENAME TO x",
        "COLLECTION_NOT_FOUND | DELETE FROM nowhere",
        "COLLECTION_NOT_FOUND | COPY nowhere TO 'x.csv'",
        "SCHEMA_NOT_FOUND | CREATE TABLE no_schema.t (a INTEGER)",
        "DATABASE_NOT_FOUND | USE nowhere_db",
        "DATABASE_NOT_FOUND | DROP DATABASE nowhere_db",
        "COLLECTION_EXISTS | CREATE TABLE kept (a INTEGER)",
        "COLLECTION_EXISTS | CREATE TABLE KEPT AS SELECT 1 AS a",
        "COLUMN_NOT_FOUND | SELECT nope FROM kept",
        "COLUMN_NOT_FOUND | INSERT INTO kept (id, nope) VALUES (3, 'x')",
        "COLUMN_NOT_FOUND | UPDATE kept SET nope = 1",
        "COLUMN_NOT_FOUND | DELETE FROM kept WHERE nope = 1",
        "COLUMN_NOT_FOUND | ALTER TABLE kept DROP COLUMN nope",
        "COLUMN_EXISTS | ALTER TABLE kept ADD COLUMN ID INTEGER",
        "COLUMN_EXISTS | CREATE TABLE twice (a INTEGER, A INTEGER)",
        "SYNTAX_ERROR | SELEC 1",
        "SYNTAX_ERROR | SELECT * FROM kept WHERE",
        "SYNTAX_ERROR | SELECT (1",
        "SYNTAX_ERROR | INSERT INTO kept VALUES (3, 'x'",
        "CONVERSION_ERROR | INSERT INTO kept VALUES (3, 'x'), ('y', 'z')",
        "CONVERSION_ERROR | UPDATE kept SET id = v",
        "CONVERSION_ERROR | SELECT v::INTEGER FROM kept",
        "CONVERSION_ERROR | SELECT DATE '2024-13-01'",
        "FUNCTION_NOT_FOUND | SELECT sum(v) FROM kept",
        "FUNCTION_NOT_ALLOWED | SELECT no_such_function(1)",
        "BINDING_ERROR | INSERT INTO kept VALUES (3)",
        "BINDING_ERROR | SELECT id, count(*) FROM kept",
        "CARDINALITY_VIOLATION | SELECT (SELECT id FROM kept)",
        "OUT_OF_RANGE | SELECT 9223372036854775807 + id FROM kept",
        "NOT_NULL_VIOLATION | INSERT INTO kept VALUES (NULL, 'x')",
        "NOT_NULL_VIOLATION | INSERT INTO kept (v) VALUES ('x')",
        "NOT_NULL_VIOLATION | UPDATE kept SET id = NULL WHERE id = 1",
        "MULTIPLE_STATEMENTS | SELECT 1; SELECT 2",
        "MULTIPLE_STATEMENTS | DELETE FROM kept; DROP TABLE kept",
        "NOT_SUPPORTED | VACUUM",
        "NOT_SUPPORTED | CREATE SEQUENCE s",
        "NOT_SUPPORTED | CREATE INDEX i ON kept (id)",
        "NOT_SUPPORTED | CREATE TABLE p (a INTEGER PRIMARY KEY)",
        "NOT_SUPPORTED | CREATE TABLE p (a TIMESTAMP_NS)",
        "NOT_SUPPORTED | INSERT INTO kept VALUES (1, 'x') ON CONFLICT DO NOTHING",
        "NOT_SUPPORTED | ATTACH 'x.db'",
        "NOT_SUPPORTED | INSTALL httpfs",
        "NOT_SUPPORTED | LOAD httpfs",
        "NOT_SUPPORTED | CREATE TEMP TABLE t (a INTEGER)",
        "INVALID_PARAMETER | SELECT ?",
        "INVALID_PARAMETER | CREATE TABLE p (a INTEGER) WITH ('location' = '/tmp')",
        "INVALID_PARAMETER | CREATE TABLE p (a INTEGER) WITH ('format-version' = '9')",
      })
  void aStatementThatCannotRunIsRefusedWithItsCode(String code, String sql) {
    PolderException refusal = session.refusal(sql);
    assertThat(refusal.code().name()).as(refusal.getMessage()).isEqualTo(code);
    assertThat(refusal.getMessage()).isNotBlank().doesNotContain("/warehouse");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT * FROM kept WHER id = 1 | 24",
        "SELECT 1 FROM nowhere | 14",
        "SELECT id, nope FROM kept | 11",
        "UPDATE kept SET = 1 | 16",
        "SELEC 1 | 0",
      })
  void theFaultsPositionIsShown(String sql, int position) {
    assertThat(session.refusal(sql).position().orElse(-1)).isEqualTo(position);
  }

  @Test
  void positionsCountCharactersNotBytes() {
    PolderException refusal = session.refusal("SELECT 'äöü😀', nope FROM kept");
    assertThat(refusal.position().orElse(-1)).isEqualTo("SELECT 'äöü😀', ".length());
  }

  @Test
  void aStatementOfTenMegabytesIsRefused() {
    String sql = "SELECT '" + "x".repeat(10 << 20) + "'";
    assertThat(session.refusal(sql).code()).isEqualTo(ErrorCode.STATEMENT_TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 20_000})
  void deepNestingIsRefused(int depth) {
    for (String[] pair :
        new String[][] {{"(", ")"}, {"[", "]"}, {"SELECT * FROM (", ")"}, {"NOT (", ")"}}) {
      String sql = "SELECT " + pair[0].repeat(depth) + "1" + pair[1].repeat(depth);
      assertThat(session.refusal(sql).code())
          .isIn(ErrorCode.STATEMENT_TOO_COMPLEX, ErrorCode.SYNTAX_ERROR);
    }
  }

  @Test
  void aTableOfTenThousandColumnsIsRefused() {
    String columns =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "c" + i + " INTEGER")
            .collect(Collectors.joining(", "));
    assertThat(session.refusal("CREATE TABLE wide (" + columns + ")").code())
        .isEqualTo(ErrorCode.TOO_MANY_COLUMNS);
    String select =
        IntStream.range(0, 10_000)
            .mapToObj(i -> i + " AS c" + i)
            .collect(Collectors.joining(", ", "SELECT ", ""));
    assertThat(session.refusal("CREATE TABLE wide AS " + select).code())
        .isEqualTo(ErrorCode.TOO_MANY_COLUMNS);
  }

  @Test
  void aNameThatCannotBeIsRefused() {
    for (String name : List.of("", "x".repeat(300), "a\nb", "nul\u0000")) {
      PolderException refusal = session.refusal("CREATE TABLE \"" + name + "\" (a INTEGER)");
      assertThat(refusal.code())
          .as(refusal.getMessage())
          .isIn(ErrorCode.INVALID_NAME, ErrorCode.SYNTAX_ERROR, ErrorCode.INVALID_TEXT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with \"quotes\"",
        "it's",
        "dotted.name",
        "😀 party",
        "select",
        "TABLE",
        "Ünïcödé",
        " lead",
        "a/b",
        "..",
        "%41",
        "semi;colon",
        "--",
        "/* c */",
        "日本語"
      })
  void oddNamesWorkThroughATablesWholeLife(String name) {
    String quoted = '"' + name.replace("\"", "\"\"") + '"';
    session.run("CREATE TABLE " + quoted + " (" + quoted + " INTEGER, other VARCHAR)");
    try {
      assertThat(session.run("INSERT INTO " + quoted + " VALUES (1, 'a'), (2, 'b')")).isEqualTo(2);
      session.run("UPDATE " + quoted + " SET " + quoted + " = 5 WHERE " + quoted + " = 1");
      session.run("DELETE FROM " + quoted + " WHERE " + quoted + " = 2");
      assertThat(session.query("SELECT " + quoted + " FROM main." + quoted).rows())
          .containsExactly(List.of("5"));
      assertThat(session.query("SELECT * FROM " + quoted).columns()).containsExactly(name, "other");
      assertThat(session.query("SELECT table_name FROM information_schema.tables").column(0))
          .contains(name);
      session.run("ALTER TABLE " + quoted + " RENAME COLUMN " + quoted + " TO plain");
      assertThat(session.value("SELECT plain FROM " + quoted)).isEqualTo("5");
    } finally {
      session.run("DROP TABLE " + quoted);
    }
  }

  @Test
  void anUnknownDatabaseIsRefusedAtBinding() {
    try (TestSession unknown = server.admin("default", "nowhere_db")) {
      throw new AssertionError("bound to " + unknown.session().database());
    } catch (PolderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_NOT_FOUND);
    }
  }

  @Test
  void halfACharacterInAParameterIsRefused() {
    PolderException refusal = session.refusal("INSERT INTO kept VALUES (3, ?)", "\ud83d");
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(ErrorCode.INVALID_TEXT);
  }
}
