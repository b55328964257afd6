package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteExpression;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How one SELECT groups its rows: the keys, and what may be made of them. */
final class Grouping {
  private final JsonNode select;
  private final Translator rows;
  private final List<RemoteExpression> keys;

  Grouping(Block block) {
    this.select = block.select();
    this.rows = block.translator();
    this.keys = keys();
  }

  /** Whether the SELECT groups at all, as far as aggregates that are known tell. */
  static boolean groups(JsonNode select) {
    return !select.path("group_expressions").isEmpty()
        || !select.path("group_sets").isEmpty()
        || select.path("having").isObject()
        || Trees.text(select, "aggregate_handling").equals("FORCE_AGGREGATES")
        || aggregates(select.path("select_list"))
        || aggregates(select.path("modifiers"));
  }

  /** Whether an aggregate stands in it, outside of windows and subqueries. */
  static boolean aggregates(JsonNode node) {
    if (Trees.isClass(node, "SUBQUERY")) {
      return false;
    }
    if (Aggregates.isAggregate(node)) {
      return true;
    }
    for (JsonNode child : node) {
      if (aggregates(child)) {
        return true;
      }
    }
    return false;
  }

  List<RemoteExpression> groupBy() {
    return keys;
  }

  private List<RemoteExpression> keys() {
    JsonNode list = select.path("select_list");
    JsonNode sets = select.path("group_sets");
    List<JsonNode> nodes = new ArrayList<>();
    boolean all =
        Trees.text(select, "aggregate_handling").equals("FORCE_AGGREGATES")
            && select.path("group_expressions").isEmpty();
    if (all) {
      list.forEach(item -> {
        if (!aggregates(item)) {
          nodes.add(item);
        }
      });
    } else {
      int count = select.path("group_expressions").size();
      if (sets.size() > 1 || (count > 0 && sets.size() == 1 && sets.get(0).size() != count)) {
        throw new NotPushed("grouping sets");
      }
      select.path("group_expressions").forEach(node -> nodes.add(resolve(list, node)));
    }
    Set<RemoteExpression> result = new LinkedHashSet<>();
    for (JsonNode node : nodes) {
      RemoteExpression key = rows.expression(node);
      if (key instanceof RemoteExpression.Literal) {
        throw new NotPushed("a constant in GROUP BY");
      }
      result.add(key);
    }
    return List.copyOf(result);
  }

  /** A column of the rows comes before an alias of the list. */
  private JsonNode resolve(JsonNode list, JsonNode node) {
    if (Trees.isClass(node, "CONSTANT")) {
      return OutputNames.position(list, node.path("literal"));
    }
    List<String> names = Trees.strings(node.path("column_names"));
    if (names.size() != 1) {
      return node;
    }
    try {
      rows.names().column(names);
      return node;
    } catch (NotPushed e) {
      return OutputNames.alias(list, names.getFirst()).orElseThrow(() -> e);
    }
  }

  /** Throws unless an expression is made of keys and aggregates alone. */
  RemoteExpression checked(RemoteExpression expression) {
    if (!covered(expression)) {
      throw new NotPushed("a column that is no key of GROUP BY");
    }
    return expression;
  }

  private boolean covered(RemoteExpression expression) {
    if (keys.contains(expression)) {
      return true;
    }
    return switch (expression) {
      case RemoteExpression.Aggregate ignored -> true;
      case RemoteExpression.Column ignored -> false;
      default -> Conditions.operands(expression).stream().allMatch(this::covered);
    };
  }
}
