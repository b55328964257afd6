package dev.polder.federation.setup.internal;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One token of set-up SQL, with its placeholders apart from its text: what it is was decided before
 * any value is known, so that no value changes it. Immutable.
 *
 * @param parts its content, without quotes
 * @param start where it stands in the text as written
 */
public record Atom(Kind kind, List<Part> parts, int start, int end) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** What a token is. */
  public enum Kind {
    /** Keyword or name without quotes, perhaps with placeholders. */
    WORD,
    /** A name in double quotes. */
    QUOTED,
    /** A text in quotes of any kind. */
    STRING,
    NUMBER,
    SYMBOL
  }

  /** A stretch of a token's content. */
  public sealed interface Part {
    /** As written. */
    record Text(String text) implements Part {}

    /** {@code {{alias}}}. */
    record Alias() implements Part {}

    /** {@code {{secret.NAME}}}. */
    record Secret(String name) implements Part {}
  }

  public Atom {
    parts = List.copyOf(parts);
  }

  static Atom plain(Kind kind, String text, int start, int end) {
    return new Atom(kind, List.of(new Part.Text(text)), start, end);
  }

  boolean hasPlaceholders() {
    return parts.stream().anyMatch(part -> !(part instanceof Part.Text));
  }

  /** What is written there apart from placeholders. */
  String writtenText() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Part.Text written) {
        text.append(written.text());
      }
    }
    return text.toString();
  }

  /** Its content as written, placeholders and all. */
  String content() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(
          switch (part) {
            case Part.Text written -> written.text();
            case Part.Alias alias -> "{{alias}}";
            case Part.Secret secret -> "{{secret." + secret.name() + "}}";
          });
    }
    return text.toString();
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && !hasPlaceholders() && writtenText().equalsIgnoreCase(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && writtenText().equals(symbol);
  }

  /** Whether it can name something: a word or a quoted name. */
  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** Whether it names something by nothing but letters, digits and underscores. */
  boolean isPlainName() {
    return isName() && !hasPlaceholders() && NAME.matcher(writtenText()).matches();
  }

  /** A keyword or option's name, for lists of them. */
  String upper() {
    return writtenText().toUpperCase(Locale.ROOT);
  }
}
