package dev.polder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a statement says of itself beforehand is what it then answers. */
final class DescribeTest {
  @TempDir static Path directory;
  private static EngineHarness harness;
  private static Session session;

  @BeforeAll
  static void start() {
    harness = new EngineHarness(directory);
    session = harness.admin();
    EngineHarness.run(
        session, "CREATE TABLE things (i INTEGER, s VARCHAR, d DECIMAL(9,2), ts TIMESTAMPTZ)");
    EngineHarness.run(session, "INSERT INTO things VALUES (1, 'x', 1.5, NULL)");
  }

  @AfterAll
  static void stop() {
    session.close();
    harness.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 AS a, 'x' AS b, NULL AS c, TRUE AS d",
        "SELECT 1::TINYINT, 1::UTINYINT, 1::UBIGINT, 1::HUGEINT, 1::UHUGEINT, 1::BIGNUM",
        "SELECT 1.5, 1.5::DECIMAL(38,10), 1.5::FLOAT, 1e3, '101'::BIT, '\\x00'::BLOB",
        "SELECT uuid(), '{}'::JSON, INTERVAL 1 DAY",
        "SELECT DATE '2026-01-01', TIME '01:02:03', '01:02:03+01'::TIMETZ, TIMESTAMPTZ '2026-01-01'",
        "SELECT '2026-01-01'::TIMESTAMP_NS, '2026-01-01'::TIMESTAMP_S, '2026-01-01'::TIMESTAMP_MS",
        "SELECT [1, 2], [1, 2]::INTEGER[2], {'a': 1, 'b c': 'x'}, MAP {'k': [1]}, union_value(n := 3)",
        "SELECT 'a'::ENUM('a', 'b)''c') AS e, ['a']::ENUM('a')[] AS l, {'x': 'a'::ENUM('a')} AS s",
        "SELECT * FROM things",
        "FROM things SELECT i + 1 AS next, s || '!' AS s",
        "SELECT s, count(*) AS n, sum(d) AS total FROM things GROUP BY ALL",
        "PIVOT things ON s IN ('x', 'y') USING sum(i)",
        "DESCRIBE things",
        "SUMMARIZE things",
        "EXPLAIN SELECT * FROM things",
        "SHOW TABLES",
        "SHOW COLUMNS FROM things",
        "SHOW DATABASES",
        "SELECT * FROM information_schema.columns",
        "INSERT INTO things VALUES (2, 'y', 2.5, now()) RETURNING *, i * 2 AS twice",
      })
  void theSchemaIsTheResults(String sql) {
    Description described = session.describe(sql);
    assertThat(described.returnsRows()).isTrue();
    try (Result result = session.execute(sql, List.of(), StatementOptions.defaults())) {
      Result.Rows rows = (Result.Rows) result;
      assertThat(described.schema()).isEqualTo(rows.schema());
      assertThat(described.columns()).isEqualTo(rows.columns());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INSERT INTO things VALUES (?, ?, ?, ?)|INTEGER,VARCHAR,DECIMAL(9,2),TIMESTAMP WITH TIME ZONE",
        "INSERT INTO things (d, i) VALUES (?, 1), (7, ?)|DECIMAL(9,2),INTEGER",
        "INSERT INTO things (i, s) VALUES (abs(?), 'a(?)')|UNKNOWN",
        "UPDATE things SET d = ?, s = ? WHERE i = ?|DECIMAL(9,2),VARCHAR,INTEGER",
        "DELETE FROM things WHERE d > ? AND s LIKE ?|DECIMAL(9,2),VARCHAR",
        "SELECT * FROM things WHERE i = $2 AND s = $1|VARCHAR,INTEGER",
        "MERGE INTO things t USING (SELECT ?::BIGINT AS i) s ON t.i = s.i WHEN MATCHED THEN UPDATE SET d = ?, s = ?|BIGINT,DECIMAL(9,2),VARCHAR",
      })
  void parametersHaveTheTypesOfTheirPlaces(String sql, String types) {
    assertThat(String.join(",", session.describe(sql).parameters())).isEqualTo(types);
  }

  @Test
  void enumsAnswerTheirTexts() {
    assertThat(
            EngineHarness.column(
                session, "SELECT 'b)''c'::ENUM('a', 'b)''c') AS e, range FROM range(2)", "e"))
        .containsExactly("b)'c", "b)'c");
    try (Result result =
        session.execute(
            "SELECT 'a'::ENUM('a', 'b') AS e", List.of(), StatementOptions.defaults())) {
      assertThat(((Result.Rows) result).columns()).containsExactly(new Result.Column("e", "ENUM"));
    }
  }

  @Test
  void insertReturningAnswersOnlyTheNewRows() {
    EngineHarness.run(session, "CREATE TABLE noted (i INTEGER, s VARCHAR DEFAULT 'none')");
    EngineHarness.run(session, "INSERT INTO noted VALUES (1, 'old')");
    assertThat(
            EngineHarness.run(
                session, "INSERT INTO noted (i) VALUES (2), (3) RETURNING i + 1 AS n, s"))
        .containsExactlyInAnyOrder(
            java.util.Map.of("n", 3, "s", "none"), java.util.Map.of("n", 4, "s", "none"));
  }
}
