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
  /**
   * A column of USING between two items.
   *
   * @param lefts whether rows of the left one without a partner do not matter
   */
  record Using(String name, ScanItem left, ScanItem right, boolean lefts, boolean rights) {
    /** The item whose keys bound those of this one. */
    Optional<ScanItem> other(ScanItem item) {
      if (lefts && item == left) {
        return Optional.of(right);
      }
      return rights && item == right ? Optional.of(left) : Optional.empty();
    }
  }

  final List<ScanItem> items = new ArrayList<>();
  final List<Using> usings = new ArrayList<>();

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
        ScanItem item =
            new ScanItem(
                node,
                Trees.lower(Trees.text(node, "alias")),
                -1,
                Optional.empty(),
                Trees.isType(node, "SUBQUERY"));
        items.add(item);
        yield List.of(item);
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
            node,
            Trees.lower(alias.isEmpty() && !path.isEmpty() ? path.getLast() : alias),
            reference,
            Optional.ofNullable(remotes.get(reference)),
            plain);
    items.add(item);
    return item;
  }

  private List<ScanItem> join(JsonNode node) {
    int first = items.size();
    List<ScanItem> left = item(node.path("left"));
    int middle = items.size();
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
    if (middle == first + 1 && items.size() == middle + 1) {
      using(node, items.get(first), items.get(middle));
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

  private void using(JsonNode node, ScanItem left, ScanItem right) {
    String type = Trees.text(node, "join_type");
    boolean both = type.equals("INNER") || type.equals("SEMI");
    boolean lefts = both || type.equals("RIGHT");
    boolean rights = both || type.equals("LEFT") || type.equals("ANTI");
    Trees.strings(node.path("using_columns"))
        .forEach(name -> usings.add(new Using(name, left, right, lefts, rights)));
  }
}
