package dev.polder.sql.statement;

import java.util.regex.Pattern;

/** Writes names and strings as SQL. */
public final class Identifiers {
  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

  private Identifiers() {}

  /** The name in double quotes. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * The name, in double quotes unless it is a plain lower-case word. For messages, not for SQL:
   * keywords stay bare.
   */
  public static String quoteIfNeeded(String name) {
    return PLAIN.matcher(name).matches() ? name : quote(name);
  }

  /** The text as a string literal. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
