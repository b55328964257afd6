package dev.polder.sql.parse;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits text into tokens of DuckDB's dialect. It agrees with DuckDB on where each string, quoted
 * name and comment ends; text that it cannot read is refused. One use per instance.
 */
public final class Lexer {
  private static final String PUNCTUATION = "()[]{},;.:";
  private static final String OPERATORS = "+-*/<>=~!@%^&|?#\\";

  private final String text;
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  /** The tokens of {@code text}, without a last {@code END}. */
  public static List<Token> tokens(String text) {
    checkCharacters(text);
    return new Lexer(text).run();
  }

  private static void checkCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw invalid("the statement contains the character U+0000", i);
      }
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          throw invalid("the statement contains half of a surrogate pair", i);
        }
        i++;
      }
    }
  }

  private static PolderException invalid(String message, int position) {
    return new PolderException(ErrorCode.INVALID_TEXT, message, position, null);
  }

  private List<Token> run() {
    List<Token> tokens = new ArrayList<>();
    for (skipBlanks(); at < text.length(); skipBlanks()) {
      int start = at;
      Kind kind = next();
      tokens.add(new Token(kind, start, at, text));
    }
    return tokens;
  }

  private Kind next() {
    char c = text.charAt(at);
    if (c == '\'') {
      quoted('\'', false, "string");
      return Kind.STRING;
    }
    if (c == '"') {
      quoted('"', false, "quoted name");
      return Kind.QUOTED;
    }
    if ((c == 'e' || c == 'E') && peek(1) == '\'') {
      at++;
      quoted('\'', true, "string");
      return Kind.ESCAPE_STRING;
    }
    if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
      return number();
    }
    if (c == '$') {
      return dollar();
    }
    if (isWordStart(c)) {
      return word();
    }
    if (c == '?') {
      at++;
      while (isDigit(peek(0))) {
        at++;
      }
      return Kind.PARAMETER;
    }
    if (c == ':' && (peek(1) == ':' || peek(1) == '=')) {
      at += 2;
      return Kind.OPERATOR;
    }
    if (PUNCTUATION.indexOf(c) >= 0) {
      at++;
      return Kind.PUNCTUATION;
    }
    if (OPERATORS.indexOf(c) >= 0) {
      return operator();
    }
    throw new PolderException(
        ErrorCode.SYNTAX_ERROR,
        "the character U+%04X cannot stand here".formatted((int) c),
        at,
        null);
  }

  private Kind word() {
    while (isWordPart(peek(0))) {
      at++;
    }
    return Kind.WORD;
  }

  private void quoted(char quote, boolean escapes, String what) {
    int start = at;
    at++;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (escapes && c == '\\') {
        at += 2;
      } else if (c == quote && peek(1) == quote) {
        at += 2;
      } else if (c == quote) {
        at++;
        return;
      } else {
        at++;
      }
    }
    throw unterminated(what, start);
  }

  private static PolderException unterminated(String what, int start) {
    return new PolderException(
        ErrorCode.SYNTAX_ERROR, "the " + what + " that starts here has no end", start, null);
  }

  private Kind dollar() {
    int start = at;
    if (isDigit(peek(1))) {
      at++;
      while (isDigit(peek(0))) {
        at++;
      }
      return Kind.PARAMETER;
    }
    int tagEnd = at + 1;
    while (tagEnd < text.length() && isTagPart(text.charAt(tagEnd))) {
      tagEnd++;
    }
    if (tagEnd < text.length() && text.charAt(tagEnd) == '$') {
      String tag = text.substring(at, tagEnd + 1);
      int end = text.indexOf(tag, tagEnd + 1);
      if (end < 0) {
        throw unterminated("dollar-quoted string", start);
      }
      at = end + tag.length();
      return Kind.DOLLAR_STRING;
    }
    if (tagEnd == at + 1) {
      throw new PolderException(
          ErrorCode.SYNTAX_ERROR, "syntax error at or near \"$\"", start, null);
    }
    at = tagEnd;
    return Kind.PARAMETER;
  }

  private Kind number() {
    digits();
    if (peek(0) == '.') {
      at++;
      digits();
    }
    if (peek(0) == 'e' || peek(0) == 'E') {
      int sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
      if (isDigit(peek(sign))) {
        at += sign;
        digits();
      }
    }
    return Kind.NUMBER;
  }

  private void digits() {
    while (isDigit(peek(0)) || (peek(0) == '_' && isDigit(peek(1)))) {
      at++;
    }
  }

  private Kind operator() {
    do {
      at++;
    } while (at < text.length()
        && OPERATORS.indexOf(text.charAt(at)) >= 0
        && text.charAt(at) != '?'
        && !startsComment());
    return Kind.OPERATOR;
  }

  private boolean startsComment() {
    return text.startsWith("--", at) || text.startsWith("/*", at);
  }

  private void skipBlanks() {
    while (at < text.length()) {
      if (isBlank(text.charAt(at))) {
        at++;
      } else if (text.startsWith("--", at)) {
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
          at++;
        }
      } else if (text.startsWith("/*", at)) {
        blockComment();
      } else {
        return;
      }
    }
  }

  private void blockComment() {
    int start = at;
    int depth = 0;
    do {
      if (at >= text.length()) {
        throw unterminated("comment", start);
      }
      if (text.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0);
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c > 127 && !isBlank(c));
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c) || c == '$';
  }

  private static boolean isTagPart(char c) {
    return isWordStart(c) || isDigit(c);
  }

  /** ASCII blanks and the Unicode spaces that DuckDB reads as blanks. */
  private static boolean isBlank(char c) {
    return switch (c) {
      case ' ', '\t', '\n', '\r', '\f', '\u000B' -> true;
      case '\u00A0', '\u202F', '\u205F', '\u2060', '\u3000', '\uFEFF' -> true;
      default -> c >= '\u2000' && c <= '\u200B';
    };
  }
}
