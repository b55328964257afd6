package dev.polder.sql.parse;

/**
 * One token of a statement: its kind and where it stands, in UTF-16 units. Comments and blanks are
 * no tokens.
 */
public record Token(Kind kind, int start, int end) {
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
}
