package dev.polder.sql.analyse.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The objects that DuckDB's syntax trees are made of, each with the fields that the walk knows. An
 * object that is of no known shape is refused: what it could hide is unknown.
 */
final class Shapes {
  private static final Set<String> LOCATED =
      Set.of("alias", "query_location", "query_location_length", "type");

  private static final Map<String, Set<String>> EXPRESSIONS =
      Map.ofEntries(
          fields("BETWEEN", "input", "lower", "upper"),
          fields("CASE", "case_checks", "else_expr"),
          fields("CAST", "child", "try_cast", "type_expr"),
          fields("COLLATE", "child", "collation"),
          fields("COLUMN_REF", "column_names"),
          fields("COMPARISON", "left", "right"),
          fields("CONJUNCTION", "children"),
          fields("CONSTANT", "literal", "value"),
          fields("DEFAULT"),
          fields(
              "FUNCTION",
              "arguments",
              "catalog",
              "distinct",
              "export_state",
              "filter",
              "function_name",
              "is_operator",
              "order_bys",
              "qualified_name",
              "schema"),
          fields("LAMBDA", "expr", "lhs", "syntax_type"),
          fields("OPERATOR", "children"),
          fields("PARAMETER", "identifier"),
          fields("POSITIONAL_REFERENCE", "index"),
          fields(
              "STAR",
              "columns",
              "exclude_list",
              "expr",
              "qualified_exclude_list",
              "relation_name",
              "rename_list",
              "replace_list"),
          fields("SUBQUERY", "child", "comparison_type", "subquery", "subquery_type"),
          fields("TYPE", "catalog", "children", "qualified_name", "schema", "type_name"),
          fields(
              "WINDOW",
              "arg_orders",
              "arguments",
              "catalog",
              "default_expr",
              "distinct",
              "end",
              "end_expr",
              "exclude_clause",
              "filter_expr",
              "function_name",
              "has_ignore_nulls",
              "ignore_nulls",
              "offset_expr",
              "orders",
              "partitions",
              "qualified_name",
              "schema",
              "start",
              "start_expr"));

  private static final Map<String, Set<String>> TABLES =
      Map.ofEntries(
          fields(
              "BASE_TABLE",
              "at_clause",
              "catalog_name",
              "column_name_alias",
              "qualified_name",
              "sample",
              "schema_name",
              "table_name"),
          fields("EMPTY", "sample"),
          fields("EXPRESSION_LIST", "expected_names", "expected_types", "sample", "values"),
          fields(
              "JOIN",
              "condition",
              "delim_flipped",
              "duplicate_eliminated_columns",
              "is_implicit",
              "join_type",
              "left",
              "nearest_approx",
              "nearest_count",
              "nearest_order_type",
              "ranking_expression",
              "ref_type",
              "right",
              "sample",
              "using_columns"),
          fields(
              "PIVOT",
              "aggregates",
              "column_name_alias",
              "groups",
              "include_nulls",
              "pivots",
              "sample",
              "source",
              "unpivot_names"),
          fields(
              "SHOW_REF",
              "catalog_name",
              "qualified_name",
              "query",
              "sample",
              "schema_name",
              "show_type",
              "table_name"),
          fields("SUBQUERY", "column_name_alias", "sample", "subquery"),
          fields("TABLE_FUNCTION", "column_name_alias", "function", "sample", "with_ordinality"));

  private static final Map<String, Set<String>> NODES =
      Map.ofEntries(
          node(
              "SELECT_NODE",
              "aggregate_handling",
              "from_table",
              "group_expressions",
              "group_sets",
              "having",
              "qualify",
              "sample",
              "select_list",
              "where_clause"),
          node("SET_OPERATION_NODE", "children", "left", "right", "setop_all", "setop_type"),
          node(
              "RECURSIVE_CTE_NODE",
              "aliases",
              "cte_name",
              "key_targets",
              "left",
              "payload_aggregates",
              "right",
              "union_all"),
          Map.entry("ORDER_MODIFIER", Set.of("type", "orders")),
          Map.entry("LIMIT_MODIFIER", Set.of("type", "limit", "limit_type", "offset")),
          Map.entry("DISTINCT_MODIFIER", Set.of("type", "distinct_on_targets")));

  /** Objects without a class: each is one of these sets of fields, or a part of it. */
  private static final List<Set<String>> PARTS =
      List.of(
          Set.of("named_param_map", "node"),
          Set.of("map"),
          Set.of("key", "value"),
          Set.of("aliases", "key_targets", "materialized", "payload_aggregates", "query_node"),
          Set.of("name", "expression"),
          Set.of("path"),
          Set.of("kind", "text"),
          Set.of("unit", "expr"),
          Set.of("when_expr", "then_expr"),
          Set.of("type", "null_order", "expression"),
          Set.of("entries", "pivot_enum", "pivot_expressions", "unpivot_names"),
          Set.of("alias", "star_expr", "values"),
          Set.of("catalog", "schema", "table", "column"),
          Set.of("is_percentage", "method", "repeatable", "sample_rate", "sample_size", "seed"),
          Set.of("id", "type_info"),
          Set.of("is_null", "type", "value"));

  private Shapes() {}

  private static Map.Entry<String, Set<String>> fields(String name, String... fields) {
    return Map.entry(name, Set.of(fields));
  }

  private static Map.Entry<String, Set<String>> node(String name, String... fields) {
    Set<String> all = new HashSet<>(Set.of(fields));
    all.addAll(Set.of("type", "modifiers", "cte_map"));
    return Map.entry(name, Set.copyOf(all));
  }

  /** What an object is. */
  enum Kind {
    EXPRESSION,
    TABLE,
    NODE,
    PART
  }

  /** The kind of a known object. */
  static Kind kind(JsonNode object) {
    String type = object.path("type").isTextual() ? object.path("type").asText() : "";
    if (object.has("class")) {
      String name = object.path("class").asText();
      check(object, name, EXPRESSIONS.get(name), Set.of("class"));
      return Kind.EXPRESSION;
    }
    if (object.has("query_location")) {
      check(object, type, TABLES.get(type), Set.of());
      return Kind.TABLE;
    }
    if (type.endsWith("_NODE") || type.endsWith("_MODIFIER")) {
      Set<String> known = NODES.get(type);
      if (known == null) {
        throw unknown(type);
      }
      checkFields(object, type, known, Set.of());
      return Kind.NODE;
    }
    for (Set<String> part : PARTS) {
      if (within(object, part)) {
        return Kind.PART;
      }
    }
    throw unknown(String.join(", ", names(object)));
  }

  private static void check(
      JsonNode object, String name, @Nullable Set<String> known, Set<String> more) {
    if (known == null) {
      throw unknown(name);
    }
    Set<String> all = new HashSet<>(LOCATED);
    all.addAll(more);
    checkFields(object, name, known, all);
  }

  private static void checkFields(
      JsonNode object, String name, Set<String> known, Set<String> more) {
    for (Iterator<String> fields = object.fieldNames(); fields.hasNext(); ) {
      String field = fields.next();
      if (!known.contains(field) && !more.contains(field)) {
        throw unknown(name + "." + field);
      }
    }
  }

  private static boolean within(JsonNode object, Set<String> part) {
    return part.containsAll(names(object));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static PolderException unknown(String what) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED,
        "the query contains a construct that is not supported ("
            + what.toLowerCase(Locale.ROOT)
            + ")");
  }
}
