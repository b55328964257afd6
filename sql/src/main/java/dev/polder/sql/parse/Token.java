package dev.polder.sql.parse;

/**
 * One token of a statement: its kind and where it stands, in UTF-16 units. Comments and blanks are
 * no tokens.
 */
public record Token(Kind kind, int start, int end, String source) {
  /** What a token is. */
  public enum Kind {
    /** An unquoted word: keyword or name. */
    WORD,
    /** {@code "name"}. */
    QUOTED,
    /** {@code 'text'}. */
    STRING,
    /** {@code E'text'} with backslash escapes. */
    ESCAPE_STRING,
    /** {@code $$text$$}, {@code $tag$text$tag$}. */
    DOLLAR_STRING,
    NUMBER,
    /** {@code ?}, {@code ?1}, {@code $1}, {@code $name}. */
    PARAMETER,
    OPERATOR,
    /** One of {@code ( ) [ ] { } , ; . :}. */
    PUNCTUATION,
    /** After the last token. */
    END
  }

  public int length() {
    return end - start;
  }

  /** Whether it is a text in any of its spellings. */
  public boolean isString() {
    return switch (kind) {
      case STRING, ESCAPE_STRING, DOLLAR_STRING -> true;
      case WORD, QUOTED, NUMBER, PARAMETER, OPERATOR, PUNCTUATION, END -> false;
    };
  }

  /** The token as written. */
  public String text() {
    return source.substring(start, end);
  }

  /** The content of a string or quoted name, its quotes resolved; the text of any other token. */
  public String value() {
    String text = text();
    return switch (kind) {
      case STRING -> text.substring(1, text.length() - 1).replace("''", "'");
      case QUOTED -> text.substring(1, text.length() - 1).replace("\"\"", "\"");
      case DOLLAR_STRING -> {
        int tag = text.indexOf('$', 1) + 1;
        yield text.substring(tag, text.length() - tag);
      }
      case WORD, ESCAPE_STRING, NUMBER, PARAMETER, OPERATOR, PUNCTUATION, END -> text;
    };
  }

  /** Shows no content: it may be a password. */
  @Override
  public String toString() {
    return kind + "[" + start + ", " + end + ")";
  }
}
