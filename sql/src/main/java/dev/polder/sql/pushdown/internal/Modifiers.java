package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.bind.ParameterValues;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What stands after a SELECT: DISTINCT, ORDER BY and LIMIT.
 *
 * @param known whether all of it is of a known form: no DISTINCT ON, ORDER BY ALL or percentages
 */
record Modifiers(
    boolean known,
    boolean distinct,
    List<OrderNode> orders,
    OptionalLong limit,
    OptionalLong offset) {
  /** The largest LIMIT and OFFSET that are asked of a source. */
  private static final long MOST = 1L << 40;

  record OrderNode(JsonNode expression, boolean descending, boolean nullsFirst) {}

  static Modifiers of(JsonNode select, ParameterValues parameters) {
    boolean known = true;
    boolean distinct = false;
    List<OrderNode> orders = new ArrayList<>();
    OptionalLong limit = OptionalLong.empty();
    OptionalLong offset = OptionalLong.empty();
    for (JsonNode modifier : select.path("modifiers")) {
      switch (Trees.text(modifier, "type")) {
        case "DISTINCT_MODIFIER" -> {
          distinct = true;
          known &= modifier.path("distinct_on_targets").isEmpty();
        }
        case "ORDER_MODIFIER" -> {
          for (JsonNode order : modifier.path("orders")) {
            known &= !Trees.isClass(order.path("expression"), "STAR");
            orders.add(
                new OrderNode(
                    order.path("expression"),
                    Trees.isType(order, "DESCENDING"),
                    Trees.text(order, "null_order").equals("NULLS FIRST")));
          }
        }
        case "LIMIT_MODIFIER" -> {
          limit = number(modifier.path("limit"), parameters);
          offset = number(modifier.path("offset"), parameters);
          known &=
              limit.isPresent() == modifier.path("limit").isObject()
                  && offset.isPresent() == modifier.path("offset").isObject()
                  && !Trees.text(modifier, "limit_type").equals("PERCENTAGE");
        }
        default -> known = false;
      }
    }
    return new Modifiers(known, distinct, List.copyOf(orders), limit, offset);
  }

  private static OptionalLong number(JsonNode node, ParameterValues parameters) {
    if (Trees.isClass(node, "PARAMETER")) {
      return parameters.value(Trees.text(node, "identifier")).stream()
          .filter(value -> value instanceof Integer || value instanceof Long)
          .mapToLong(value -> ((Number) value).longValue())
          .filter(value -> value >= 0 && value <= MOST)
          .findFirst();
    }
    String text = Trees.text(node.path("literal"), "text");
    boolean integer = Trees.text(node.path("literal"), "kind").equals("INTEGER");
    return integer && text.matches("\\d{1,12}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /** How many rows the first ones must be for LIMIT and OFFSET to find theirs. */
  long rowsNeeded() {
    return limit.orElseThrow() + offset.orElse(0);
  }
}
