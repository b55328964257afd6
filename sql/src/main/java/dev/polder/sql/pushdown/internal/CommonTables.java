package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The common table expressions that are seen at one place. Immutable. */
record CommonTables(Map<String, Entry> entries) {
  static final CommonTables NONE = new CommonTables(Map.of());

  /**
   * One of them.
   *
   * @param seen those before it
   */
  record Entry(JsonNode query, List<String> aliases, CommonTables seen) {}

  CommonTables {
    entries = Map.copyOf(entries);
  }

  /** With those of a query's WITH. */
  CommonTables with(JsonNode select) {
    CommonTables result = this;
    for (JsonNode entry : select.path("cte_map").path("map")) {
      JsonNode value = entry.path("value");
      JsonNode query =
          value.path("query_node").isObject()
              ? value.path("query_node")
              : value.path("query").path("node");
      Map<String, Entry> more = new HashMap<>(result.entries);
      more.put(
          Trees.lower(Trees.text(entry, "key")),
          new Entry(query, Trees.strings(value.path("aliases")), result));
      result = new CommonTables(more);
    }
    return result;
  }

  Optional<Entry> find(JsonNode table) {
    List<String> path = Trees.strings(table.path("qualified_name").path("path"));
    return path.size() == 1
        ? Optional.ofNullable(entries.get(Trees.lower(path.getFirst())))
        : Optional.empty();
  }
}
