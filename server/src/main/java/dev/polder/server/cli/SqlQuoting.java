package dev.polder.server.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Names and texts as SQL writes them, safe whatever they hold. */
final class SqlQuoting {
  private SqlQuoting() {}

  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String text(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  /** A name of several parts, which dots outside double quotes separate. */
  static String path(String dotted) {
    return Arrays.stream(dotted.split("\\.(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
        .map(part -> part.length() > 1 && part.startsWith("\"") ? part : name(part))
        .collect(Collectors.joining("."));
  }
}
