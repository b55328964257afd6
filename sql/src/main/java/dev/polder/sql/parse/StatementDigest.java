package dev.polder.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The form of a statement that it shares with all statements which differ in values, case, blanks
 * and comments alone. It holds no value that a user wrote, so no secret either. Stateless.
 */
public final class StatementDigest {
  private static final int MAX_LENGTH = 1_000;
  private static final String VALUE = "?";

  private StatementDigest() {}

  /** The digest of a text that the lexer reads; words are in lower case, values are {@code ?}. */
  public static String of(String sql) {
    List<String> words = new ArrayList<>();
    for (Token token : Lexer.tokens(sql)) {
      words.add(word(token));
      foldLists(words);
    }
    StringBuilder digest = new StringBuilder();
    String before = "";
    for (String word : words) {
      if (digest.length() > MAX_LENGTH) {
        return digest.append(" …").toString();
      }
      if (!digest.isEmpty() && spaced(before, word)) {
        digest.append(' ');
      }
      digest.append(word);
      before = word;
    }
    return digest.toString();
  }

  private static String word(Token token) {
    return switch (token.kind()) {
      case STRING, ESCAPE_STRING, DOLLAR_STRING, NUMBER, PARAMETER -> VALUE;
      case WORD -> token.text().toLowerCase(Locale.ROOT);
      case QUOTED, OPERATOR, PUNCTUATION, END -> token.text();
    };
  }

  /** Lists of values, and of rows of them, are as good as one. */
  private static void foldLists(List<String> words) {
    fold(words, List.of(VALUE, ",", VALUE), 2);
    fold(words, List.of("(", VALUE, ")", ",", "(", VALUE, ")"), 4);
  }

  private static void fold(List<String> words, List<String> end, int drop) {
    int from = words.size() - end.size();
    if (from >= 0 && words.subList(from, words.size()).equals(end)) {
      words.subList(words.size() - drop, words.size()).clear();
    }
  }

  private static boolean spaced(String before, String word) {
    return switch (word) {
      case ",", ")", "]", ".", ";", "::" -> false;
      default ->
          !before.equals("(") && !before.equals("[") && !before.equals(".") && !before.equals("::");
    };
  }
}
