package dev.polder.sql.analyse.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.AtClause;
import dev.polder.sql.analyse.AtValue;
import dev.polder.sql.analyse.FunctionKind;
import java.util.List;
import java.util.Optional;

/** The part of the walk that visits what stands in FROM. */
final class FromClause {
  private final QueryWalk walk;

  FromClause(QueryWalk walk) {
    this.walk = walk;
  }

  /**
   * Visits one table expression and adds what it offers to the SELECT.
   *
   * @param filterable whether a condition on its rows may be applied before the joins around it
   */
  void item(JsonNode node, Scope scope, Select select, boolean filterable) {
    if (Shapes.kind(node) != Shapes.Kind.TABLE) {
      throw new PolderException(ErrorCode.INTERNAL_ERROR, "a FROM clause of unknown shape");
    }
    String alias = References.lower(node.path("alias").asText());
    switch (node.path("type").asText()) {
      case "BASE_TABLE" -> baseTable(node, scope, select, filterable);
      case "JOIN" -> join(node, scope, select, filterable);
      case "TABLE_FUNCTION" -> tableFunction(node, scope, select, alias);
      case "SHOW_REF" -> show(node, scope, select, alias);
      case "PIVOT" -> {
        Select source = new Select();
        item(node.path("source"), scope, source, false);
        walk.references.wholeTables(source);
        walk.fields(node, scope, source, "source");
        select.items.add(new Select.Item(alias, -1, false));
      }
      case "EMPTY" -> walk.children(node, scope, select);
      default -> {
        // A subquery or VALUES: what stands inside has its own FROM.
        walk.children(node, scope, new Select());
        select.items.add(new Select.Item(alias, -1, false));
      }
    }
  }

  private void baseTable(JsonNode node, Scope scope, Select select, boolean filterable) {
    List<String> path = QueryWalk.strings(node.path("qualified_name").path("path"));
    if (path.isEmpty()) {
      throw new PolderException(ErrorCode.INTERNAL_ERROR, "a table reference without a name");
    }
    String alias = node.path("alias").asText();
    String qualifier = References.lower(alias.isEmpty() ? path.getLast() : alias);
    boolean renamed = !node.path("column_name_alias").isEmpty();
    boolean sampled = node.path("sample").isObject();
    walk.children(node, scope, new Select());
    if (isCommonTable(path, scope)) {
      select.items.add(new Select.Item(qualifier, -1, false));
      return;
    }
    int index = walk.references.table(path, alias, node, at(node), renamed);
    select.items.add(new Select.Item(qualifier, index, filterable && !renamed && !sampled));
  }

  /** {@code recurring.name} is how a recursive CTE with keys names its accumulated rows. */
  private static boolean isCommonTable(List<String> path, Scope scope) {
    return switch (path.size()) {
      case 1 -> scope.sees(path.getFirst());
      case 2 -> path.getFirst().equalsIgnoreCase("recurring") && scope.sees(path.get(1));
      default -> false;
    };
  }

  private Optional<AtClause> at(JsonNode node) {
    JsonNode clause = node.path("at_clause");
    if (!clause.isObject()) {
      return Optional.empty();
    }
    AtClause.Unit unit =
        switch (References.lower(clause.path("unit").asText())) {
          case "timestamp" -> AtClause.Unit.TIMESTAMP;
          case "version" -> AtClause.Unit.VERSION;
          default ->
              throw new PolderException(
                  ErrorCode.SYNTAX_ERROR, "AT takes TIMESTAMP or VERSION: t AT (VERSION => 3)");
        };
    return Optional.of(
        new AtClause(
            unit,
            value(clause.path("expr")),
            walk.locations.span(node).flatMap(walk.locations::atSpan)));
  }

  private AtValue value(JsonNode expression) {
    JsonNode inner = expression;
    while (inner.path("class").asText().equals("CAST")) {
      inner = inner.path("child");
    }
    return switch (inner.path("class").asText()) {
      case "CONSTANT" -> new AtValue.Constant(inner.path("literal").path("text").asText());
      case "PARAMETER" -> new AtValue.Parameter(inner.path("identifier").asText());
      default -> new AtValue.Expression(walk.locations.span(expression));
    };
  }

  private void join(JsonNode node, Scope scope, Select select, boolean filterable) {
    String type = node.path("join_type").asText();
    String reference = node.path("ref_type").asText();
    boolean rowsMatterAlone =
        switch (reference) {
          case "REGULAR", "CROSS", "NATURAL", "DEPENDENT" ->
              !node.path("ranking_expression").isObject();
          default -> false;
        };
    boolean left =
        switch (type) {
          case "INNER", "LEFT", "SEMI", "ANTI" -> true;
          default -> false;
        };
    boolean right = type.equals("INNER") || type.equals("RIGHT");
    boolean plain = filterable && rowsMatterAlone;
    int first = select.items.size();
    item(node.path("left"), scope, select, plain && left);
    item(node.path("right"), scope, select, plain && right);
    if (reference.equals("NATURAL")) {
      select.items.subList(first, select.items.size()).stream()
          .forEach(item -> walk.references.wholeTable(item.table()));
    }
    QueryWalk.strings(node.path("using_columns")).forEach(walk.references::columnName);
    JsonNode condition = node.path("condition");
    if (plain && type.equals("INNER") && condition.isObject()) {
      select.conditions.add(condition);
    }
    walk.fields(node, scope, select, "left", "right");
  }

  private void tableFunction(JsonNode node, Scope scope, Select select, String alias) {
    JsonNode function = node.path("function");
    if (Shapes.kind(function) != Shapes.Kind.EXPRESSION
        || !function.path("class").asText().equals("FUNCTION")) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "this kind of table function is not supported");
    }
    walk.function(function, FunctionKind.TABLE);
    walk.children(function, scope, select);
    walk.fields(node, scope, select, "function");
    String qualifier =
        alias.isEmpty() ? References.lower(function.path("function_name").asText()) : alias;
    select.items.add(new Select.Item(qualifier, -1, false));
  }

  private void show(JsonNode node, Scope scope, Select select, String alias) {
    String type = node.path("show_type").asText();
    boolean describes = type.equals("DESCRIBE") || type.equals("SUMMARY");
    if (!describes || !node.path("query").isObject()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "SHOW cannot stand inside a query; use information_schema instead");
    }
    walk.children(node, scope, new Select());
    select.items.add(new Select.Item(alias, -1, false));
  }
}
