package dev.polder.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.PolderException;
import dev.polder.sql.Duck;
import dev.polder.sql.RandomRuns;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LexerPropertyTest {
  private static Duck duck;
  private final StatementParser parser = new StatementParser(ParserLimits.DEFAULT);

  @BeforeAll
  static void open() {
    duck = new Duck();
  }

  @AfterAll
  static void close() {
    duck.close();
  }

  private static final char[] EDGES = {
    0, 1, 0x7f, 0x80, 0xff, 0x100, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfffe, 0xffff
  };

  private static final List<String> WORDS =
      List.of(
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

  /** Pieces that begin, end or hide strings, names and comments. */
  private static final List<String> PIECES =
      List.of(
          "'", "''", "\"", "\"\"", "E'", "e'", "x'", "X'", "n'", "b'", "U&'", "\\", "\\'", "--",
          "/*", "*/", "//*", "*", "-", "/", "$$", "$", "$a$", "$b$", "$1", "$a", "a", "1", "1e",
          "1e+", "0x", ".", "_", "é", "😀", "\u00a0", "\u2003", "\n", "\r", " ", ",", "+", "?", ":",
          "::", "(", ")", "[", "]", "@", "#", "||", "a$", "1_0", "E", "\t", "\u200b", "\ufeff");

  /**
   * A marker after the text is a column of its own exactly when the text leaves no string, name or
   * comment open; and then the lexer must see it as a word, at the same place.
   */
  @Test
  void agrees_with_duckdb_on_where_strings_and_comments_end() {
    // Each piece alone and each pair first: most of what can go wrong is the meeting of two.
    PIECES.stream()
        .flatMap(one -> Stream.concat(Stream.of(one), PIECES.stream().map(one::concat)))
        .forEach(LexerPropertyTest::checkEnds);
    RandomRuns.repeat(4000, random -> checkEnds(pieces(random, PIECES, "")));
  }

  private static void checkEnds(String text) {
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

  @Test
  void only_a_clear_refusal_leaves_the_parser() {
    RandomRuns.repeat(2000, random -> checkRefusal(garbage(random)));
  }

  private void checkRefusal(String text) {
    try {
      assertThat(parser.parse(text)).isNotNull();
    } catch (PolderException e) {
      assertThat(e.getMessage()).isNotBlank();
      e.position().ifPresent(position -> assertThat(position).isBetween(0, text.length()));
    }
  }

  private static String pieces(Random random, List<String> pieces, String between) {
    return IntStream.range(0, random.nextInt(15))
        .mapToObj(i -> pieces.get(random.nextInt(pieces.size())))
        .collect(Collectors.joining(between));
  }

  private static String garbage(Random random) {
    return random.nextBoolean() ? pieces(random, WORDS, " ") : characters(random);
  }

  /** Any UTF-16 units, unpaired surrogates too: half of them from ASCII, some from the edges. */
  private static String characters(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(31);
    for (int i = 0; i < length; i++) {
      text.append(
          switch (random.nextInt(8)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1, 2, 3 -> (char) random.nextInt(0x10000);
            default -> (char) random.nextInt(0x80);
          });
    }
    return text.toString();
  }
}
