package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.side.FlightConnection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Reads a plan as DuckDB draws it: boxes of lines, each with the operator's name on top and its
 * estimated rows below. Stateless.
 */
final class Scans {
  private static final String ONE_ROW = "~1 row";

  private Scans() {}

  /** Warns where the server's plan guesses one row and DuckDB's own does not. */
  static void warn(Lab lab, String name, FlightConnection flight, String served, String alone)
      throws Exception {
    String plan =
        flight.texts("EXPLAIN " + served).stream()
            .flatMap(List::stream)
            .collect(Collectors.joining("\n"));
    long polder = ofOneRow(plan);
    long bare = ofOneRow(lab.bare().text("EXPLAIN " + alone));
    if (polder > bare) {
      lab.warnings()
          .add(
              name
                  + ": "
                  + polder
                  + " scans are estimated at one row, "
                  + bare
                  + " by DuckDB alone");
    }
  }

  /** How many scans are estimated at one row. */
  static long ofOneRow(String plan) {
    List<String> lines = plan.lines().toList();
    long count = 0;
    for (int line = 0; line < lines.size(); line++) {
      String text = lines.get(line);
      for (int at = text.indexOf(ONE_ROW); at >= 0; at = text.indexOf(ONE_ROW, at + 1)) {
        boolean plural = text.startsWith("s", at + ONE_ROW.length());
        if (!plural && operator(lines, line, at).contains("SCAN")) {
          count++;
        }
      }
    }
    return count;
  }

  /** The first line of the box around a place. */
  private static String operator(List<String> lines, int line, int column) {
    int left = lines.get(line).lastIndexOf('│', column);
    int right = lines.get(line).indexOf('│', column);
    if (left < 0 || right < 0) {
      return "";
    }
    int top = line;
    while (top > 0
        && lines.get(top - 1).length() > left
        && lines.get(top - 1).charAt(left) != '┌') {
      top--;
    }
    String name = lines.get(top);
    return name.substring(Math.min(left + 1, name.length()), Math.min(right, name.length()))
        .strip()
        .toUpperCase(Locale.ROOT);
  }
}
