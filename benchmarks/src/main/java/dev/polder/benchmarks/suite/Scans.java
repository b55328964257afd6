package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.side.FlightConnection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads plans, as DuckDB draws them (boxes with the operator in the frame) and as the server shows
 * them (a line for each operator). Stateless.
 */
final class Scans {
  private static final Pattern ONE_ROW = Pattern.compile("~1 rows?\\b");

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
      Matcher one = ONE_ROW.matcher(lines.get(line));
      while (one.find()) {
        if (scans(operator(lines, line, one.start()))) {
          count++;
        }
      }
    }
    return count;
  }

  private static boolean scans(String operator) {
    return operator.contains("SCAN") || operator.matches("READ[ _].*");
  }

  /** The name of the operator that a place of the plan tells of. */
  private static String operator(List<String> lines, int line, int column) {
    int left = lines.get(line).lastIndexOf('│', column);
    if (left < 0) {
      return lines.get(line).strip().toUpperCase(Locale.ROOT);
    }
    int top = line;
    while (top > 0 && at(lines.get(top), left) != '╭') {
      top--;
    }
    int right = lines.get(top).indexOf('╮', left);
    return lines
        .get(top)
        .substring(left, Math.max(left, right))
        .replaceAll("[╭─]", "")
        .strip()
        .toUpperCase(Locale.ROOT);
  }

  private static char at(String line, int column) {
    return column < line.length() ? line.charAt(column) : ' ';
  }
}
