package dev.polder.duck;

import java.util.Collection;
import java.util.stream.Collectors;

/** Writes names and values as DuckDB reads them. */
public final class Sql {
  private Sql() {}

  /** A name in double quotes. */
  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A dotted name, each part in double quotes. */
  public static String identifier(String first, String... more) {
    StringBuilder out = new StringBuilder(identifier(first));
    for (String part : more) {
      out.append('.').append(identifier(part));
    }
    return out.toString();
  }

  /** A text in single quotes; DuckDB knows no escapes in it but the doubled quote. */
  public static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  /** {@code ['a', 'b']}. */
  public static String literals(Collection<String> texts) {
    return texts.stream().map(Sql::literal).collect(Collectors.joining(", ", "[", "]"));
  }
}
