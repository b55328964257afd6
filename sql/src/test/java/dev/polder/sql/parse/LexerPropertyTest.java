package dev.polder.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.PolderException;
import dev.polder.sql.Duck;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class LexerPropertyTest {
  private static Duck duck;
  private final StatementParser parser = new StatementParser(ParserLimits.DEFAULT);

  @BeforeContainer
  static void open() {
    duck = new Duck();
  }

  @AfterContainer
  static void close() {
    duck.close();
  }

  /** Pieces that begin, end or hide strings, names and comments. */
  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(
            "'", "''", "\"", "\"\"", "E'", "e'", "x'", "X'", "n'", "b'", "U&'", "\\", "\\'", "--",
            "/*", "*/", "//*", "*", "-", "/", "$$", "$", "$a$", "$b$", "$1", "$a", "a", "1", "1e",
            "1e+", "0x", ".", "_", "é", "😀", "\u00a0", "\u2003", "\n", "\r", " ", ",", "+", "?",
            ":", "::", "(", ")", "[", "]", "@", "#", "||", "a$", "1_0", "E", "\t", "\u200b",
            "\ufeff")
        .list()
        .ofMaxSize(14)
        .map(list -> String.join("", list));
  }

  /**
   * A marker after the text is a column of its own exactly when the text leaves no string, name or
   * comment open; and then the lexer must see it as a word, at the same place.
   */
  @Property(tries = 4000)
  void agrees_with_duckdb_on_where_strings_and_comments_end(@ForAll("pieces") String text) {
    String sql = "SELECT 1, " + text + " \n, marker_q";
    JsonNode answer = duck.parse(sql);
    boolean accepted = !answer.path("statements").isEmpty();
    boolean seen = answer.path("statements").size() == 1 && hasMarker(answer);
    List<Token> tokens;
    try {
      tokens = Lexer.tokens(sql);
    } catch (PolderException e) {
      // To refuse is safe.
      return;
    }
    Token last = tokens.getLast();
    boolean word = last.kind() == Token.Kind.WORD && last.text().equals("marker_q");
    if (accepted) {
      assertThat(word).as(sql).isEqualTo(seen);
    }
  }

  private static boolean hasMarker(JsonNode answer) {
    JsonNode list = answer.path("statements").get(0).path("node").path("select_list");
    JsonNode last = list.path(list.size() - 1);
    return last.path("column_names").path(0).asText().equals("marker_q");
  }

  @Property(tries = 2000)
  void only_a_clear_refusal_leaves_the_parser(@ForAll("garbage") String text) {
    try {
      assertThat(parser.parse(text)).isNotNull();
    } catch (PolderException e) {
      assertThat(e.getMessage()).isNotBlank();
      e.position().ifPresent(position -> assertThat(position).isBetween(0, text.length()));
    }
  }

  @Provide
  Arbitrary<String> garbage() {
    Arbitrary<String> words =
        Arbitraries.of(
            "SELECT",
            "FROM",
            "WHERE",
            "INSERT",
            "INTO",
            "VALUES",
            "UPDATE",
            "SET",
            "DELETE",
            "MERGE",
            "USING",
            "ON",
            "WHEN",
            "MATCHED",
            "NOT",
            "THEN",
            "CREATE",
            "TABLE",
            "VIEW",
            "ALTER",
            "DROP",
            "COLUMN",
            "ADD",
            "SHOW",
            "GRANT",
            "TO",
            "ROLE",
            "USER",
            "PASSWORD",
            "TENANT",
            "WITH",
            "AS",
            "OF",
            "SYSTEM",
            "TIME",
            "FOR",
            "CASE",
            "END",
            "IF",
            "EXISTS",
            "PARTITIONED",
            "BY",
            "COPY",
            "EXPLAIN",
            "PREPARE",
            "EXECUTE",
            "BEGIN",
            "PIVOT",
            "RETURNING",
            "DEFAULT",
            "(",
            ")",
            ",",
            "=",
            ".",
            ";",
            "'x'",
            "\"y\"",
            "t",
            "a",
            "1",
            "?",
            "[",
            "]",
            "{",
            "}",
            "-",
            "*",
            "'",
            "$$");
    return Arbitraries.oneOf(
        words.list().ofMaxSize(14).map(list -> String.join(" ", list)),
        Arbitraries.strings().ofMaxLength(30));
  }
}
