package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** Positions and aliases of a SELECT's list, as ORDER BY and GROUP BY use them. Stateless. */
final class OutputNames {
  private OutputNames() {}

  /** What an element of ORDER BY means: an item of the list, or itself. */
  static JsonNode resolve(JsonNode list, JsonNode expression) {
    JsonNode literal = expression.path("literal");
    if (Trees.isClass(expression, "CONSTANT")) {
      return position(list, literal);
    }
    List<String> names = Trees.strings(expression.path("column_names"));
    if (Trees.isClass(expression, "COLUMN_REF") && names.size() == 1) {
      return alias(list, names.getFirst()).orElse(expression);
    }
    return expression;
  }

  /** The item with an alias. */
  static Optional<JsonNode> alias(JsonNode list, String name) {
    for (JsonNode item : list) {
      if (Trees.text(item, "alias").equalsIgnoreCase(name)) {
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }

  static JsonNode position(JsonNode list, JsonNode literal) {
    String text = Trees.text(literal, "text");
    boolean number =
        Trees.text(literal, "kind").equals("INTEGER") && text.matches("[1-9][0-9]{0,3}");
    int index = number ? Integer.parseInt(text) - 1 : -1;
    boolean starred = Trees.list(list).stream().anyMatch(item -> Trees.isClass(item, "STAR"));
    if (index < 0 || index >= list.size() || starred) {
      throw new NotPushed("a constant in ORDER BY or GROUP BY");
    }
    return list.get(index);
  }
}
