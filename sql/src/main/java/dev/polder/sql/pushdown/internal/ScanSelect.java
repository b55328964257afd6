package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.pushdown.RemoteReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * The FROM clause of one SELECT: its items, and which of the conditions of ON and WHERE may be
 * applied to the rows of each beforehand. One use per instance.
 */
final class ScanSelect {
  final List<ScanItem> items = new ArrayList<>();

  /** Lower-cased columns of USING, which belong to no single item. */
  final Set<String> merged = new HashSet<>();

  boolean natural;

  private final ToIntFunction<JsonNode> references;
  private final Map<Integer, RemoteReference> remotes;

  ScanSelect(
      JsonNode select, ToIntFunction<JsonNode> references, Map<Integer, RemoteReference> remotes) {
    this.references = references;
    this.remotes = remotes;
    List<ScanItem> kept = item(select.path("from_table"));
    if (!select.path("sample").isObject()) {
      add(kept, select.path("where_clause"));
    }
  }

  private static void add(List<ScanItem> items, JsonNode condition) {
    if (condition.isObject()) {
      items.forEach(item -> item.conditions.add(condition));
    }
  }

  /**
   * Adds the items below and gives those of them each of whose rows stands for one of the whole.
   */
  private List<ScanItem> item(JsonNode node) {
    return switch (Trees.text(node, "type")) {
      case "BASE_TABLE" -> List.of(table(node));
      case "JOIN" -> join(node);
      case "EMPTY" -> List.of();
      default -> {
        items.add(
            new ScanItem(Trees.lower(Trees.text(node, "alias")), -1, Optional.empty(), false));
        yield List.of();
      }
    };
  }

  private ScanItem table(JsonNode node) {
    String alias = Trees.text(node, "alias");
    List<String> path = Trees.strings(node.path("qualified_name").path("path"));
    int reference = references.applyAsInt(node);
    boolean plain =
        node.path("column_name_alias").isEmpty()
            && !node.path("sample").isObject()
            && !node.path("at_clause").isObject();
    ScanItem item =
        new ScanItem(
            Trees.lower(alias.isEmpty() && !path.isEmpty() ? path.getLast() : alias),
            reference,
            Optional.ofNullable(remotes.get(reference)),
            plain);
    items.add(item);
    return item;
  }

  private List<ScanItem> join(JsonNode node) {
    List<ScanItem> left = item(node.path("left"));
    List<ScanItem> right = item(node.path("right"));
    Trees.strings(node.path("using_columns")).forEach(name -> merged.add(Trees.lower(name)));
    String reference = Trees.text(node, "ref_type");
    natural |= reference.equals("NATURAL");
    boolean plain =
        Set.of("REGULAR", "CROSS", "NATURAL", "DEPENDENT").contains(reference)
            && !node.path("ranking_expression").isObject()
            && !node.path("sample").isObject();
    if (!plain) {
      return List.of();
    }
    JsonNode condition = node.path("condition");
    List<ScanItem> kept = new ArrayList<>();
    switch (Trees.text(node, "join_type")) {
      case "INNER" -> {
        kept.addAll(left);
        kept.addAll(right);
        add(kept, condition);
      }
      case "LEFT", "ANTI" -> {
        // A row of the right side for which the condition cannot hold meets nothing anyway.
        add(right, condition);
        kept.addAll(left);
      }
      case "RIGHT" -> {
        add(left, condition);
        kept.addAll(right);
      }
      case "SEMI" -> {
        add(left, condition);
        add(right, condition);
        kept.addAll(left);
      }
      default -> {
        // FULL keeps every row of both sides.
      }
    }
    return kept;
  }
}
