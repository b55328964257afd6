package dev.polder.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StatementParserTest {
  private static final Pattern BLOCKS = Pattern.compile("\n---\n");

  private final StatementParser parser = new StatementParser(ParserLimits.DEFAULT);

  /** Each block of the file: a statement, a line with an arrow, what is expected. */
  private static Stream<String[]> golden(String file) throws IOException {
    try (var in = StatementParserTest.class.getResourceAsStream(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<String[]> cases = new ArrayList<>();
      for (String block : BLOCKS.splitAsStream(text).toList()) {
        String[] sides = block.strip().split("\n=> ", 2);
        assertThat(sides).as(block).hasSize(2);
        cases.add(sides);
      }
      return cases.stream();
    }
  }

  @TestFactory
  Stream<DynamicTest> reads_what_is_written() throws IOException {
    return golden("accepted.txt")
        .map(sides ->
            DynamicTest.dynamicTest(
                sides[0],
                () -> assertThat(describe(parser.parseOne(sides[0]))).isEqualTo(sides[1])));
  }

  @TestFactory
  Stream<DynamicTest> refuses_with_code_position_and_message() throws IOException {
    return golden("refused.txt")
        .map(sides ->
            DynamicTest.dynamicTest(
                sides[0],
                () -> {
                  PolderException e =
                      catchThrowableOfType(PolderException.class, () -> parser.parseOne(sides[0]));
                  assertThat(e).as(sides[0]).isNotNull();
                  String found =
                      e.code()
                          + " "
                          + (e.position().isPresent() ? e.position().getAsInt() : "-")
                          + " "
                          + e.getMessage();
                  assertThat(found).isEqualTo(sides[1]);
                }));
  }

  /** The record's text without its first component, which is the whole statement. */
  static String describe(Statement statement) {
    String text = statement.toString();
    String own = "text=" + statement.text();
    return text.replace(own + ", ", "").replace(own, "").replace("Optional.empty", "-");
  }

  @Test
  void splits_at_semicolons_outside_strings_and_comments() {
    List<SqlText> texts = parser.split("; SELECT ';' /* ; */, \";\" , $$;$$;; -- ;\n  SELECT 2;");
    assertThat(texts).hasSize(2);
    assertThat(texts.get(0).toString()).isEqualTo("SELECT ';' /* ; */, \";\" , $$;$$");
    assertThat(texts.get(1).toString()).isEqualTo("SELECT 2");
    assertThat(texts.get(1).position(0)).isEqualTo(43);
  }

  @Test
  void takes_one_statement_where_one_is_asked_for() {
    assertCode("SELECT 1; SELECT 2", ErrorCode.MULTIPLE_STATEMENTS);
    assertCode("  -- nothing\n ", ErrorCode.SYNTAX_ERROR);
    assertThat(parser.parseOne("SELECT 1;").text().toString()).isEqualTo("SELECT 1");
  }

  private void assertCode(String sql, ErrorCode code) {
    assertThatThrownBy(() -> parser.parseOne(sql))
        .isInstanceOfSatisfying(PolderException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void refuses_a_large_statement_without_reading_it() {
    assertCode("SELECT '" + "x".repeat(10_000_000) + "'", ErrorCode.STATEMENT_TOO_LARGE);
  }

  @Test
  void refuses_nesting_and_chains_beyond_the_limits() {
    for (String sql :
        List.of(
            "SELECT * FROM (".repeat(300) + "SELECT 1" + ")".repeat(300),
            "SELECT " + "CASE WHEN a THEN ".repeat(300) + "1" + " END".repeat(300),
            "SELECT " + "[".repeat(300) + "]".repeat(300),
            "SELECT " + "NOT ".repeat(300) + "a",
            "SELECT " + "- ".repeat(300) + "1",
            "SELECT 1" + " + 1".repeat(1000),
            "SELECT a" + "::INT".repeat(1000),
            "SELECT a" + "[1]".repeat(1000),
            "SELECT a" + ".b".repeat(1000),
            "SELECT 1 FROM t" + " JOIN t".repeat(600),
            "SELECT 1 FROM t" + ", t".repeat(600),
            "SELECT 1" + " UNION SELECT 1".repeat(600),
            "SELECT 1 WHERE a" + " AND a".repeat(20_000))) {
      assertCode(sql, ErrorCode.STATEMENT_TOO_COMPLEX);
    }
  }

  @Test
  void allows_long_lists() {
    parser.parseOne("INSERT INTO t VALUES (1, 'a')" + ", (-1, 'b' || 'c')".repeat(20_000));
    parser.parseOne("SELECT * FROM t WHERE a IN (1" + ", 2".repeat(50_000) + ")");
    parser.parseOne("SELECT a = 1" + " OR a = 2".repeat(5_000));
    parser.parseOne("SELECT c0" + ", c1 + 1".repeat(5_000) + " FROM t");
  }

  @Test
  void refuses_broken_text() {
    assertCode("SELECT '\u0000'", ErrorCode.INVALID_TEXT);
    assertCode("SELECT '\ud800'", ErrorCode.INVALID_TEXT);
    assertCode("SELECT '\udc00\ud800'", ErrorCode.INVALID_TEXT);
  }

  @Test
  void never_shows_a_password() {
    for (String sql :
        List.of(
            "CREATE USER bob PASSWORD 'hunter2' TENANT acme",
            "CREATE USER bob PASSWORD $$hunter2$$",
            "ALTER USER bob PASSWORD 'hunter2'")) {
      Statement statement = parser.parseOne(sql);
      assertThat(statement.toString()).as(sql).doesNotContain("hunter2");
      assertThat(statement.redacted()).as(sql).doesNotContain("hunter2");
    }
    for (String sql :
        List.of(
            "CREATE USER bob PASSWORD hunter2",
            "EXPLAIN CREATE USER bob PASSWORD $$hunter2$$",
            "PREPARE p AS ALTER USER bob SET PASSWORD 'hunter2'",
            "CREATE USER bob PASSWORD \"hunter2\"",
            "CREATE USER bob PASSWORD 'x' hunter2",
            "CREATE USER bob PASSWORD E'hunter2'",
            "CREATE USER bob PASSWORD 'hunter2",
            "ALTER USER bob SET PASSWORD 'hunter2' 'hunter2'",
            "CREATE USER bob PASSWORD 'hunter2' PASSWORD 'hunter2'")) {
      assertThatThrownBy(() -> parser.parseOne(sql))
          .as(sql)
          .isInstanceOf(PolderException.class)
          .message()
          .doesNotContain("hunter2");
    }
  }

  @Test
  void maps_positions_after_a_rewrite_back_to_the_users_text() {
    String sql = "UPDATE t SET a = 1 FROM u AS OF SYSTEM TIME '2020-01-01' x WHERE b";
    Statement statement = parser.parseOne("SELECT 1 FROM t AS OF SYSTEM TIME 5 x WHERE bad");
    String text = statement.text().toString();
    assertThat(text).isEqualTo("SELECT 1 FROM t AS x AT (TIMESTAMP => 5) WHERE bad");
    assertThat(statement.text().position(text.indexOf("bad"))).isEqualTo(44);
    assertThat(parser.parseOne(sql).text().toString())
        .contains("u AS x AT (TIMESTAMP => '2020-01-01') WHERE");
  }
}
