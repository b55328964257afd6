package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.bind.ParameterValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The derived tables and common table expressions of a statement into which conditions on them may
 * be moved: they are read once and make each row of one row.
 */
final class DerivedTables {
  private final Map<String, List<JsonNode>> common = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  DerivedTables(JsonNode statement) {
    find(statement);
  }

  private void find(JsonNode node) {
    for (JsonNode entry : node.path("cte_map").path("map")) {
      common
          .computeIfAbsent(Trees.lower(Trees.text(entry, "key")), key -> new ArrayList<>())
          .add(entry.path("value"));
    }
    if (Trees.isType(node, "BASE_TABLE")) {
      List<String> path = Trees.strings(node.path("qualified_name").path("path"));
      if (path.size() == 1) {
        uses.merge(Trees.lower(path.getFirst()), 1, Integer::sum);
      }
    }
    node.forEach(this::find);
  }

  /** The SELECT behind an item of FROM that is no table. */
  Optional<JsonNode> query(ScanItem item) {
    if (!item.node.path("column_name_alias").isEmpty() || item.node.path("sample").isObject()) {
      return Optional.empty();
    }
    JsonNode query =
        Trees.isType(item.node, "SUBQUERY")
            ? item.node.path("subquery").path("node")
            : commonTable(item);
    return passes(query) ? Optional.of(query) : Optional.empty();
  }

  private JsonNode commonTable(ScanItem item) {
    List<String> path = Trees.strings(item.node.path("qualified_name").path("path"));
    String name = path.size() == 1 ? Trees.lower(path.getFirst()) : "";
    List<JsonNode> entries = common.getOrDefault(name, List.of());
    boolean once = entries.size() == 1 && uses.getOrDefault(name, 0) == 1;
    return once && entries.getFirst().path("aliases").isEmpty()
        ? entries.getFirst().path("query_node")
        : item.node.path("no query");
  }

  /** Whether what is left out of its rows could be left out of those below. */
  private static boolean passes(JsonNode query) {
    Modifiers modifiers = Modifiers.of(query, ParameterValues.NONE);
    boolean limited =
        Trees.list(query.path("modifiers")).stream()
            .anyMatch(modifier -> Trees.text(modifier, "type").startsWith("LIMIT"));
    return Trees.isType(query, "SELECT_NODE")
        && modifiers.known()
        && !limited
        && !Grouping.groups(query)
        && !query.path("qualify").isObject()
        && !query.path("sample").isObject()
        && rowByRow(query.path("select_list"));
  }

  /** Neither windows nor functions that could be aggregates or make several rows. */
  private static boolean rowByRow(JsonNode node) {
    boolean own =
        switch (Trees.text(node, "class")) {
          case "FUNCTION" -> LocalFunctions.rowByRow(node);
          case "WINDOW", "SUBQUERY", "POSITIONAL_REFERENCE" -> false;
          case "STAR" ->
              !node.path("columns").asBoolean()
                  && !node.path("expr").isObject()
                  && node.path("replace_list").isEmpty()
                  && node.path("rename_list").isEmpty();
          default -> true;
        };
    if (!own) {
      return false;
    }
    for (JsonNode child : node) {
      if (!rowByRow(child)) {
        return false;
      }
    }
    return true;
  }
}
