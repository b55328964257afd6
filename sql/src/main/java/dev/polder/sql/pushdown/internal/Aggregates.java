package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.AggregateFunction;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translates calls of aggregates. Stateless. */
final class Aggregates {
  private static final Map<String, AggregateFunction> FUNCTIONS =
      Map.of(
          "count", AggregateFunction.COUNT,
          "count_star", AggregateFunction.COUNT,
          "sum", AggregateFunction.SUM,
          "min", AggregateFunction.MIN,
          "max", AggregateFunction.MAX,
          "avg", AggregateFunction.AVG,
          "mean", AggregateFunction.AVG);

  private Aggregates() {}

  static boolean isAggregate(JsonNode node) {
    return Trees.isClass(node, "FUNCTION")
        && !node.path("is_operator").asBoolean()
        && FUNCTIONS.containsKey(Trees.lower(Trees.text(node, "function_name")));
  }

  /** The aggregate; its operand is of the rows, not of the groups. */
  static RemoteExpression translate(JsonNode node, Translator rows) {
    String name = Trees.lower(Trees.text(node, "function_name"));
    List<JsonNode> arguments = Trees.arguments(node);
    if (node.path("qualified_name").path("path").size() != 1
        || !node.path("order_bys").path("orders").isEmpty()
        || arguments.size() > 1) {
      throw new NotPushed("this form of " + name);
    }
    boolean distinct = node.path("distinct").asBoolean();
    Optional<RemoteExpression> filter =
        Optional.of(node.path("filter")).filter(JsonNode::isObject).map(rows::predicate);
    AggregateFunction function = FUNCTIONS.get(name);
    if (function == null) {
      throw new NotPushed("the aggregate " + name);
    }
    if (arguments.isEmpty()) {
      if (function != AggregateFunction.COUNT || distinct) {
        throw new NotPushed("this form of " + name);
      }
      return new RemoteExpression.Aggregate(function, Optional.empty(), false, filter, "BIGINT");
    }
    RemoteExpression operand = rows.expression(arguments.getFirst());
    if (!DuckTypes.isKnown(operand.type())
        || (function != AggregateFunction.COUNT && operand.type().equals("FLOAT"))) {
      throw new NotPushed(name + " of the type " + operand.type());
    }
    boolean sums = function == AggregateFunction.SUM || function == AggregateFunction.AVG;
    if (sums && !DuckTypes.isNumber(operand.type())) {
      throw new NotPushed(name + " of the type " + operand.type());
    }
    String type = rows.typeOf(function + "(" + Folding.sample(operand.type()) + ")");
    return new RemoteExpression.Aggregate(function, Optional.of(operand), distinct, filter, type);
  }
}
