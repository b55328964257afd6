package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Whether a part of a query gives the same when it is run once more by itself. Stateless. */
final class Repeatable {
  private static final Set<String> CLOCKS =
      Set.of("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp");

  private Repeatable() {}

  /** Only functions that are known, no samples, no limits, no parameters. */
  static boolean is(JsonNode node) {
    boolean own =
        switch (Trees.text(node, "class")) {
          case "FUNCTION" -> Aggregates.isAggregate(node) || LocalFunctions.rowByRow(node);
          case "WINDOW", "PARAMETER", "LAMBDA", "POSITIONAL_REFERENCE" -> false;
          case "COLUMN_REF" ->
              !CLOCKS.contains(Trees.lower(node.path("column_names").path(0).asText()));
          default -> true;
        };
    boolean table =
        switch (Trees.text(node, "type")) {
          case "TABLE_FUNCTION",
              "LIMIT_MODIFIER",
              "LIMIT_PERCENT_MODIFIER",
              "RECURSIVE_CTE_NODE",
              "SHOW_REF",
              "PIVOT" ->
              false;
          default -> !node.path("sample").isObject() && !node.path("at_clause").isObject();
        };
    if (!own || !table) {
      return false;
    }
    for (JsonNode child : node) {
      if (!is(child)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a query stands in it. */
  static boolean queries(JsonNode node) {
    if (Trees.isClass(node, "SUBQUERY")) {
      return true;
    }
    for (JsonNode child : node) {
      if (queries(child)) {
        return true;
      }
    }
    return false;
  }
}
