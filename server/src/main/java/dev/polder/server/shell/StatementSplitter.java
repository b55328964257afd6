package dev.polder.server.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into its statements at each {@code ;} that stands outside strings, quoted names,
 * dollar quotes and comments. Knows nothing else of SQL. Stateless.
 */
public final class StatementSplitter {
  private StatementSplitter() {}

  /**
   * The statements of a text.
   *
   * @param complete those that a semicolon ends, without it; none is blank
   * @param rest what follows the last semicolon, blank when there is nothing but spaces and
   *     comments
   * @param open whether the rest ends inside a string, a quoted name or a comment
   */
  public record Split(List<String> complete, String rest, boolean open) {
    public Split {
      complete = List.copyOf(complete);
    }

    /** All statements, the last one with or without its semicolon. */
    public List<String> statements() {
      List<String> all = new ArrayList<>(complete);
      if (!rest.isBlank()) {
        all.add(rest.strip());
      }
      return all;
    }
  }

  public static Split split(String text) {
    List<String> complete = new ArrayList<>();
    int start = 0;
    int i = 0;
    boolean anything = false;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == ';') {
        if (anything) {
          complete.add(text.substring(start, i).strip());
        }
        start = ++i;
        anything = false;
        continue;
      }
      boolean comment = isCommentStart(text, i);
      anything |= !comment && !Character.isWhitespace(c);
      int end = tokenEnd(text, i, c);
      if (end < 0) {
        return new Split(complete, text.substring(start), true);
      }
      i = end;
    }
    return new Split(complete, anything ? text.substring(start) : "", false);
  }

  /** Where the token that begins at i ends; −1 when the text ends inside it. */
  private static int tokenEnd(String text, int i, char c) {
    if (c == '\'') {
      return quoteEnd(text, i, c, isEscapeString(text, i));
    } else if (c == '"') {
      return quoteEnd(text, i, c, false);
    } else if (text.startsWith("--", i)) {
      int end = text.indexOf('\n', i);
      return end < 0 ? text.length() : end + 1;
    } else if (text.startsWith("/*", i)) {
      return blockCommentEnd(text, i);
    } else if (c == '$' && (i == 0 || !isNamePart(text.charAt(i - 1)))) {
      return dollarEnd(text, i);
    }
    return i + 1;
  }

  private static boolean isCommentStart(String text, int i) {
    return text.startsWith("--", i) || text.startsWith("/*", i);
  }

  private static boolean isEscapeString(String text, int quote) {
    return quote > 0
        && Character.toLowerCase(text.charAt(quote - 1)) == 'e'
        && (quote == 1 || !isNamePart(text.charAt(quote - 2)));
  }

  private static int quoteEnd(String text, int start, char quote, boolean escapes) {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (escapes && c == '\\') {
        i++;
      } else if (c == quote) {
        if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    return -1;
  }

  /** Comments nest, as in PostgreSQL. */
  private static int blockCommentEnd(String text, int start) {
    int depth = 0;
    for (int i = start; i < text.length() - 1; i++) {
      if (text.startsWith("/*", i)) {
        depth++;
        i++;
      } else if (text.startsWith("*/", i)) {
        depth--;
        i++;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return -1;
  }

  private static int dollarEnd(String text, int start) {
    int i = start + 1;
    while (i < text.length() && isNamePart(text.charAt(i)) && text.charAt(i) != '$') {
      i++;
    }
    boolean tag = i < text.length() && text.charAt(i) == '$';
    if (!tag || Character.isDigit(text.charAt(start + 1))) {
      // A parameter such as $1, or a lone dollar.
      return start + 1;
    }
    String delimiter = text.substring(start, i + 1);
    int end = text.indexOf(delimiter, i + 1);
    return end < 0 ? -1 : end + delimiter.length();
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }
}
