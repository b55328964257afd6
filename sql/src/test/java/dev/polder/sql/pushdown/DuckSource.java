package dev.polder.sql.pushdown;

import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes what is asked of a source as DuckDB's SQL, so that DuckDB can be the source. */
final class DuckSource {
  private DuckSource() {}

  static String sql(RemoteQuery query) {
    StringBuilder sql = new StringBuilder("SELECT ");
    sql.append(query.distinct() ? "DISTINCT " : "");
    sql.append(
        query.outputs().stream()
            .map(output ->
                "CAST("
                    + sql(output.value())
                    + " AS "
                    + output.value().type()
                    + ") AS "
                    + quoted(output.name()))
            .collect(Collectors.joining(", ")));
    query.from().ifPresent(from -> sql.append(" FROM ").append(sql(from)));
    list(sql, " WHERE ", " AND ", query.where());
    list(sql, " GROUP BY ", ", ", query.groupBy());
    list(sql, " HAVING ", " AND ", query.having());
    if (!query.orderBy().isEmpty()) {
      sql.append(" ORDER BY ")
          .append(
              query.orderBy().stream()
                  .map(order ->
                      sql(order.value())
                          + (order.descending() ? " DESC" : " ASC")
                          + (order.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"))
                  .collect(Collectors.joining(", ")));
    }
    query.limit().ifPresent(limit -> sql.append(" LIMIT ").append(limit));
    query.offset().ifPresent(offset -> sql.append(" OFFSET ").append(offset));
    return sql.toString();
  }

  private static void list(
      StringBuilder sql, String head, String separator, List<RemoteExpression> parts) {
    if (!parts.isEmpty()) {
      sql.append(head).append(join(parts, separator));
    }
  }

  private static String join(List<? extends RemoteExpression> parts, String separator) {
    return parts.stream().map(DuckSource::sql).collect(Collectors.joining(separator));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String sql(RemoteFrom from) {
    return switch (from) {
      case RemoteFrom.Table(int id, var table) ->
          quoted(table.schema()) + "." + quoted(table.name()) + " AS r" + id;
      case RemoteFrom.Subquery(int id, var query) -> "(" + sql(query) + ") AS r" + id;
      case RemoteFrom.Join(var kind, var left, var right, var condition) ->
          "("
              + sql(left)
              + " "
              + kind
              + " JOIN "
              + sql(right)
              + " ON "
              + condition.map(DuckSource::sql).orElse("true")
              + ")";
    };
  }

  static String sql(RemoteExpression expression) {
    return switch (expression) {
      case RemoteExpression.Column(int relation, var column) ->
          "r" + relation + "." + quoted(column.name());
      case RemoteExpression.Literal(var value, String type) -> literal(value, type);
      case RemoteExpression.Comparison(var operator, var left, var right) ->
          "(" + sql(left) + " " + operator(operator) + " " + sql(right) + ")";
      case RemoteExpression.And(var operands) -> "(" + join(operands, " AND ") + ")";
      case RemoteExpression.Or(var operands) -> "(" + join(operands, " OR ") + ")";
      case RemoteExpression.Not(var operand) -> "(NOT " + sql(operand) + ")";
      case RemoteExpression.IsNull(var operand) -> "(" + sql(operand) + " IS NULL)";
      case RemoteExpression.In(var operand, var values) ->
          "(" + sql(operand) + " IN (" + join(values, ", ") + "))";
      case RemoteExpression.InQuery(var operand, var query) ->
          "(" + sql(operand) + " IN (" + sql(query) + "))";
      case RemoteExpression.Exists(var query) -> "EXISTS (" + sql(query) + ")";
      case RemoteExpression.Scalar(var query) -> "(" + sql(query) + ")";
      case RemoteExpression.Like(var operand, String pattern) ->
          "(" + sql(operand) + " LIKE " + literal(pattern, "VARCHAR") + ")";
      case RemoteExpression.Arithmetic(var operator, var left, var right, String type) ->
          "CAST(("
              + sql(left)
              + switch (operator) {
                case ADD -> " + ";
                case SUBTRACT -> " - ";
                case MULTIPLY -> " * ";
              }
              + sql(right)
              + ") AS "
              + type
              + ")";
      case RemoteExpression.Shift(var operand, int months, int days, String type) ->
          "CAST(("
              + sql(operand)
              + " + to_months("
              + months
              + ") + to_days("
              + days
              + ")) AS "
              + type
              + ")";
      case RemoteExpression.Case(var whens, var otherwise, String type) ->
          "CASE "
              + whens.stream()
                  .map(when -> "WHEN " + sql(when.condition()) + " THEN " + sql(when.value()))
                  .collect(Collectors.joining(" "))
              + otherwise.map(value -> " ELSE " + sql(value)).orElse("")
              + " END";
      case RemoteExpression.Widen(var operand, String type) ->
          "CAST(" + sql(operand) + " AS " + type + ")";
      case RemoteExpression.Call(var function, var arguments, String type) ->
          function.name().toLowerCase(Locale.ROOT) + "(" + join(arguments, ", ") + ")";
      case RemoteExpression.Aggregate(
              var function,
              var operand,
              boolean distinct,
              var filter,
              var t) ->
          function
              + "("
              + (distinct ? "DISTINCT " : "")
              + operand.map(DuckSource::sql).orElse("*")
              + ")"
              + filter.map(condition -> " FILTER (WHERE " + sql(condition) + ")").orElse("");
    };
  }

  private static String operator(RemoteExpression.Operator operator) {
    return switch (operator) {
      case EQUAL -> "=";
      case NOT_EQUAL -> "<>";
      case LESS -> "<";
      case LESS_OR_EQUAL -> "<=";
      case GREATER -> ">";
      case GREATER_OR_EQUAL -> ">=";
      case NOT_DISTINCT -> "IS NOT DISTINCT FROM";
      case DISTINCT -> "IS DISTINCT FROM";
    };
  }

  private static String literal(Object value, String type) {
    String text =
        value instanceof Instant instant ? instant.toString().replace("Z", "+00") : "" + value;
    return value == null
        ? "CAST(NULL AS " + type + ")"
        : "CAST('" + text.replace("'", "''") + "' AS " + type + ")";
  }

  /** Every expression of a query, those in its subqueries too. */
  static long size(RemoteQuery query) {
    return query.where().stream().mapToLong(DuckSource::size).sum();
  }

  private static long size(RemoteExpression expression) {
    return 1 + Conditions.operands(expression).stream().mapToLong(DuckSource::size).sum();
  }
}
