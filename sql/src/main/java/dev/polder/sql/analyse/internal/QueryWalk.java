package dev.polder.sql.analyse.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.FunctionKind;
import dev.polder.sql.analyse.Parameters;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Walks over every object of a query's tree. Each object is of a known shape and each of its fields
 * is visited, so that nothing can be missed; names of CTEs are resolved on the way. One use per
 * instance.
 */
public final class QueryWalk {
  /** Deeper trees could exhaust this thread's stack; the parser's own limits are lower. */
  private static final int MAX_DEPTH = 3000;

  final References references;
  final Locations locations;
  private final FromClause from;
  private int depth;

  private QueryWalk(Locations locations) {
    this.locations = locations;
    this.references = new References(locations);
    this.from = new FromClause(this);
  }

  /**
   * Analyses one statement.
   *
   * @param query the user's text, for the positions of errors
   */
  public static Analysis analyze(JsonNode statement, Locations locations, SqlText query) {
    QueryWalk walk = new QueryWalk(locations);
    try {
      walk.any(statement, Scope.EMPTY, new Select());
    } catch (PolderException e) {
      if (e.position().isEmpty() && e.getMessage() != null) {
        throw new PolderException(e.code(), e.getMessage(), query.position(0), e);
      }
      throw e;
    }
    return walk.references.analysis(parameters(statement.path("named_param_map")));
  }

  private static Parameters parameters(JsonNode map) {
    List<JsonNode> entries = new ArrayList<>();
    map.forEach(entries::add);
    entries.sort(Comparator.comparingInt(entry -> entry.path("value").asInt()));
    List<String> names = entries.stream().map(entry -> entry.path("key").asText()).toList();
    boolean named = names.stream().anyMatch(name -> !name.chars().allMatch(Character::isDigit));
    return new Parameters(names, named);
  }

  /** Visits a value of any kind. */
  void any(JsonNode value, Scope scope, Select select) {
    if (value.isArray()) {
      for (JsonNode element : value) {
        any(element, scope, select);
      }
      return;
    }
    if (!value.isObject()) {
      return;
    }
    if (++depth > MAX_DEPTH) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_COMPLEX, "the query is nested too deeply; simplify it");
    }
    switch (Shapes.kind(value)) {
      case EXPRESSION -> expression(value, scope, select);
      case TABLE -> from.item(value, scope, select, false);
      case NODE -> node(value, scope, select);
      case PART -> children(value, scope, select);
    }
    depth--;
  }

  void children(JsonNode object, Scope scope, Select select) {
    for (JsonNode child : object) {
      any(child, scope, select);
    }
  }

  private void node(JsonNode node, Scope outer, Select select) {
    String type = node.path("type").asText();
    JsonNode commonTables = node.path("cte_map");
    if (commonTables.isObject()) {
      Shapes.kind(commonTables);
    }
    Scope scope = commonTables(commonTables.path("map"), outer);
    switch (type) {
      case "SELECT_NODE" -> selectNode(node, scope);
      case "SET_OPERATION_NODE" -> {
        // Each side is a SELECT of its own; ORDER BY of the whole sees its columns only.
        Select whole = new Select();
        fields(node, scope, whole, "cte_map");
      }
      case "RECURSIVE_CTE_NODE" -> {
        String name = node.path("cte_name").asText();
        any(node.path("left"), scope, new Select());
        Scope self = scope.with(name);
        fields(node, self, new Select(), "cte_map", "left");
      }
      default -> children(node, scope, select);
    }
  }

  /** Each sees those before it. */
  private Scope commonTables(JsonNode entries, Scope outer) {
    Scope scope = outer;
    for (JsonNode entry : entries) {
      if (Shapes.kind(entry) != Shapes.Kind.PART || !entry.path("value").isObject()) {
        throw new PolderException(
            ErrorCode.INTERNAL_ERROR, "a common table expression of unknown shape");
      }
      JsonNode value = entry.path("value");
      Shapes.kind(value);
      any(value.path("query_node"), scope, new Select());
      scope = scope.with(entry.path("key").asText());
      fields(value, scope, new Select(), "query_node");
    }
    return scope;
  }

  private void selectNode(JsonNode node, Scope scope) {
    Select select = new Select();
    from.item(node.path("from_table"), scope, select, true);
    fields(node, scope, select, "cte_map", "from_table");
    if (select.star) {
      references.wholeTables(select);
    }
    if (!node.path("sample").isObject()) {
      JsonNode where = node.path("where_clause");
      if (where.isObject()) {
        select.conditions.add(where);
      }
      new Pruning(select, locations, references).run();
    }
  }

  /** Visits all fields but these. */
  void fields(JsonNode object, Scope scope, Select select, String... skipped) {
    List<String> skip = List.of(skipped);
    object
        .properties()
        .forEach(field -> {
          if (!skip.contains(field.getKey())) {
            any(field.getValue(), scope, select);
          }
        });
  }

  private void expression(JsonNode node, Scope scope, Select select) {
    switch (node.path("class").asText()) {
      case "COLUMN_REF" -> references.column(strings(node.path("column_names")), node);
      case "STAR" -> {
        String relation = node.path("relation_name").asText();
        if (relation.isEmpty()) {
          select.star = true;
        } else {
          references.star(relation);
        }
      }
      case "FUNCTION" ->
          function(
              node,
              node.path("is_operator").asBoolean() ? FunctionKind.OPERATOR : FunctionKind.SCALAR);
      case "WINDOW" -> function(node, FunctionKind.WINDOW);
      default -> {
        // Nothing but its children matters.
      }
    }
    children(node, scope, select);
  }

  void function(JsonNode node, FunctionKind kind) {
    references.function(
        node.path("function_name").asText(),
        strings(node.path("qualified_name").path("path")),
        kind,
        node);
  }

  static List<String> strings(JsonNode array) {
    List<String> result = new ArrayList<>();
    array.forEach(element -> result.add(element.asText()));
    return List.copyOf(result);
  }
}
