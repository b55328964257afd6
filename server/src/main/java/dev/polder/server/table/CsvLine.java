package dev.polder.server.table;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * CSV as RFC 4180 has it, with line feeds: a NULL is an empty field, an empty text is {@code ""}.
 */
public final class CsvLine {
  private CsvLine() {}

  public static String of(List<@Nullable String> cells) {
    return cells.stream().map(CsvLine::field).collect(Collectors.joining(","));
  }

  private static String field(@Nullable String cell) {
    if (cell == null) {
      return "";
    }
    boolean quoted =
        cell.isEmpty()
            || cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            || cell.startsWith(" ")
            || cell.endsWith(" ");
    return quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }
}
