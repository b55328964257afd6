package dev.polder.sql.analyse.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.analyse.PruneConjunct;
import dev.polder.sql.analyse.PruneConjunct.Condition;
import dev.polder.sql.analyse.PruneConjunct.Operand;
import dev.polder.sql.analyse.PruneConjunct.Operator;
import dev.polder.sql.analyse.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the conditions of one SELECT that bound a column of one of its tables. A column without a
 * qualifier counts only where FROM has a single item. One use per instance.
 */
final class Pruning {
  private final Select select;
  private final Locations locations;
  private final References references;

  private record Column(int table, List<String> path) {}

  Pruning(Select select, Locations locations, References references) {
    this.select = select;
    this.locations = locations;
    this.references = references;
  }

  void run() {
    select.conditions.forEach(this::condition);
  }

  private void condition(JsonNode node) {
    switch (node.path("class").asText()) {
      case "CONJUNCTION" -> {
        if (node.path("type").asText().equals("CONJUNCTION_AND")) {
          node.path("children").forEach(this::condition);
        }
      }
      case "COMPARISON" -> comparison(node);
      case "BETWEEN" -> between(node);
      case "OPERATOR" -> operator(node);
      case "FUNCTION" -> prefix(node);
      default -> {
        // Says nothing about a single column.
      }
    }
  }

  private void comparison(JsonNode node) {
    Optional<Operator> operator = operator(node.path("type").asText());
    if (operator.isEmpty()) {
      return;
    }
    JsonNode left = node.path("left");
    JsonNode right = node.path("right");
    Operator same = operator.get();
    if (isColumn(left)) {
      operand(right).ifPresent(o -> add(left, new Condition.Comparison(same, o)));
    } else if (isColumn(right)) {
      operand(left).ifPresent(o -> add(right, new Condition.Comparison(flipped(same), o)));
    }
  }

  private static Optional<Operator> operator(String type) {
    return switch (type) {
      case "COMPARE_EQUAL" -> Optional.of(Operator.EQUAL);
      case "COMPARE_NOTEQUAL" -> Optional.of(Operator.NOT_EQUAL);
      case "COMPARE_LESSTHAN" -> Optional.of(Operator.LESS);
      case "COMPARE_LESSTHANOREQUALTO" -> Optional.of(Operator.LESS_OR_EQUAL);
      case "COMPARE_GREATERTHAN" -> Optional.of(Operator.GREATER);
      case "COMPARE_GREATERTHANOREQUALTO" -> Optional.of(Operator.GREATER_OR_EQUAL);
      default -> Optional.empty();
    };
  }

  private static Operator flipped(Operator operator) {
    return switch (operator) {
      case EQUAL -> Operator.EQUAL;
      case NOT_EQUAL -> Operator.NOT_EQUAL;
      case LESS -> Operator.GREATER;
      case LESS_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
      case GREATER -> Operator.LESS;
      case GREATER_OR_EQUAL -> Operator.LESS_OR_EQUAL;
    };
  }

  private void between(JsonNode node) {
    Optional<Operand> low = operand(node.path("lower"));
    Optional<Operand> high = operand(node.path("upper"));
    if (isColumn(node.path("input")) && low.isPresent() && high.isPresent()) {
      add(node.path("input"), new Condition.Between(low.get(), high.get()));
    }
  }

  private void operator(JsonNode node) {
    JsonNode children = node.path("children");
    if (children.isEmpty() || !isColumn(children.get(0))) {
      return;
    }
    switch (node.path("type").asText()) {
      case "OPERATOR_IS_NULL" -> add(children.get(0), new Condition.IsNull());
      case "OPERATOR_IS_NOT_NULL" -> add(children.get(0), new Condition.IsNotNull());
      case "COMPARE_IN" -> in(children);
      default -> {
        // Says nothing about the column's bounds.
      }
    }
  }

  private void in(JsonNode children) {
    List<Operand> operands = new ArrayList<>();
    for (int i = 1; i < children.size(); i++) {
      Optional<Operand> operand = operand(children.get(i));
      if (operand.isEmpty()) {
        return;
      }
      operands.add(operand.get());
    }
    add(children.get(0), new Condition.In(List.copyOf(operands)));
  }

  private void prefix(JsonNode node) {
    JsonNode arguments = node.path("arguments");
    String name = node.path("function_name").asText();
    boolean pattern = name.equals("~~") && node.path("is_operator").asBoolean();
    boolean starts = name.equals("starts_with") || name.equals("^@") || name.equals("prefix");
    if (arguments.size() != 2 || !(pattern || starts)) {
      return;
    }
    JsonNode column = arguments.get(0).path("expression");
    JsonNode literal = arguments.get(1).path("expression").path("literal");
    if (!isColumn(column) || !literal.path("kind").asText().equals("STRING")) {
      return;
    }
    String text = literal.path("text").asText();
    String prefix = pattern ? text.substring(0, firstWildcard(text)) : text;
    if (!prefix.isEmpty()) {
      add(column, new Condition.StartsWith(prefix));
    }
  }

  private static int firstWildcard(String pattern) {
    int at = 0;
    while (at < pattern.length() && pattern.charAt(at) != '%' && pattern.charAt(at) != '_') {
      at++;
    }
    return at;
  }

  private static boolean isColumn(JsonNode node) {
    return node.path("class").asText().equals("COLUMN_REF");
  }

  private void add(JsonNode column, Condition condition) {
    attribute(QueryWalk.strings(column.path("column_names")))
        .ifPresent(c -> references.conjunct(new PruneConjunct(c.table(), c.path(), condition)));
  }

  private Optional<Column> attribute(List<String> parts) {
    String first = References.lower(parts.getFirst());
    if (parts.size() > 1 && select.has(first)) {
      int item = select.unique(first);
      return item < 0
          ? Optional.empty()
          : column(select.items.get(item), parts.subList(1, parts.size()));
    }
    return select.items.size() == 1 && parts.size() < 3
        ? column(select.items.getFirst(), parts)
        : Optional.empty();
  }

  private static Optional<Column> column(Select.Item item, List<String> path) {
    return item.table() >= 0 && item.filterable()
        ? Optional.of(new Column(item.table(), List.copyOf(path)))
        : Optional.empty();
  }

  /** A constant, perhaps cast; or a parameter. */
  private Optional<Operand> operand(JsonNode node) {
    if (node.path("class").asText().equals("PARAMETER")) {
      return Optional.of(new Operand.Parameter(node.path("identifier").asText()));
    }
    return isConstant(node) ? span(node).map(Operand.Literal::new) : Optional.empty();
  }

  private static boolean isConstant(JsonNode node) {
    return switch (node.path("class").asText()) {
      case "CAST" -> isConstant(node.path("child"));
      case "CONSTANT" -> !node.path("literal").path("kind").asText().startsWith("NULL");
      default -> false;
    };
  }

  /** DuckDB locates {@code 'x'::T} at its operator: the span begins with the child. */
  private Optional<Span> span(JsonNode node) {
    Optional<Span> own = locations.span(node);
    if (!node.path("class").asText().equals("CAST")) {
      return own;
    }
    Optional<Span> child = span(node.path("child"));
    if (own.isEmpty() || child.isEmpty()) {
      return own;
    }
    return Optional.of(
        new Span(
            Math.min(own.get().start(), child.get().start()),
            Math.max(own.get().end(), child.get().end())));
  }
}
