package dev.polder.federation.sql;

import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Whole statements of a dialect of SQL. The outputs of a query that is sent are cast to the types
 * that the reader expects, so that a column which became another one fails instead of being
 * misread. Implementations are stateless and thread-safe.
 */
public abstract class SqlQueries extends SqlExpressions {
  /** The statement that asks for a query. */
  public String query(RemoteQuery query) {
    return select(query, true);
  }

  /** {@code UPDATE}: columns are of relation 0. */
  public String update(
      RemoteTable table, Map<RemoteColumn, RemoteExpression> values, List<RemoteExpression> where) {
    return "UPDATE "
        + target(table)
        + values.entrySet().stream()
            .map(entry ->
                identifier(entry.getKey().name())
                    + " = "
                    + assigned(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", ", " SET ", ""))
        + conditions(" WHERE ", where);
  }

  /** {@code DELETE}: columns are of relation 0. */
  public String delete(RemoteTable table, List<RemoteExpression> where) {
    return "DELETE FROM " + target(table) + conditions(" WHERE ", where);
  }

  /** The table that a statement changes, named as relation 0. */
  protected String target(RemoteTable table) {
    return table(table) + " AS " + relation(0);
  }

  /** A value that a column becomes. */
  protected String assigned(RemoteColumn column, RemoteExpression value) {
    return expression(value);
  }

  /**
   * An output as the reader expects it.
   *
   * @param text the value, as {@link #expression} has it
   */
  protected String output(String text, RemoteExpression value) {
    return cast(text, sourceType(value.type()));
  }

  /** An element of ORDER BY, the place of NULLs included. */
  protected String order(String value, RemoteQuery.Order order) {
    return value
        + (order.descending() ? " DESC" : " ASC")
        + (order.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
  }

  protected String limit(OptionalLong limit, OptionalLong offset) {
    return (limit.isPresent() ? " LIMIT " + limit.getAsLong() : "")
        + (offset.isPresent() ? " OFFSET " + offset.getAsLong() : "");
  }

  @Override
  protected String subquery(RemoteQuery query) {
    return select(query, false);
  }

  private String select(RemoteQuery query, boolean sent) {
    return query.distinct() && (sent || !query.orderBy().isEmpty())
        ? distinct(query, sent)
        : "SELECT "
            + (query.distinct() ? "DISTINCT " : "")
            + outputs(query, sent)
            + body(query)
            + ordered(query)
            + limit(query.limit(), query.offset());
  }

  /**
   * The rows are told apart below, as they are: casts and ORDER BY would change what DISTINCT sees.
   */
  private String distinct(RemoteQuery query, boolean sent) {
    String all =
        query.outputs().stream()
            .map(output -> {
              String column = "d." + identifier(output.name());
              return (sent ? output(column, output.value()) : column)
                  + " AS "
                  + identifier(output.name());
            })
            .collect(Collectors.joining(", "));
    return "SELECT "
        + all
        + " FROM (SELECT DISTINCT "
        + outputs(query, false)
        + body(query)
        + ") AS d"
        + (query.orderBy().isEmpty()
            ? ""
            : query.orderBy().stream()
                .map(order -> order("d." + identifier(name(query, order.value())), order))
                .collect(Collectors.joining(", ", " ORDER BY ", "")))
        + limit(query.limit(), query.offset());
  }

  private static String name(RemoteQuery query, RemoteExpression value) {
    return query.outputs().stream()
        .filter(output -> output.value().equals(value))
        .map(RemoteQuery.Output::name)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("a DISTINCT query is ordered by what it gives"));
  }

  private String outputs(RemoteQuery query, boolean sent) {
    return query.outputs().stream()
        .map(output ->
            (sent ? output(expression(output.value()), output.value()) : expression(output.value()))
                + " AS "
                + identifier(output.name()))
        .collect(Collectors.joining(", "));
  }

  private String body(RemoteQuery query) {
    return query.from().map(from -> " FROM " + from(from)).orElse("")
        + conditions(" WHERE ", query.where())
        + (query.groupBy().isEmpty() ? "" : " GROUP BY " + list(query.groupBy()))
        + conditions(" HAVING ", query.having());
  }

  private String ordered(RemoteQuery query) {
    return query.orderBy().isEmpty()
        ? ""
        : query.orderBy().stream()
            .map(order -> order(expression(order.value()), order))
            .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  private String conditions(String keyword, List<RemoteExpression> conditions) {
    return conditions.isEmpty()
        ? ""
        : conditions.stream()
            .map(this::expression)
            .collect(Collectors.joining(" AND ", keyword, ""));
  }

  protected String from(RemoteFrom from) {
    return switch (from) {
      case RemoteFrom.Table(var id, var table) -> table(table) + " AS " + relation(id);
      case RemoteFrom.Subquery(var id, var query) -> '(' + subquery(query) + ") AS " + relation(id);
      case RemoteFrom.Join(var kind, var left, var right, var condition) ->
          '('
              + from(left)
              + (condition.isPresent() || kind != RemoteFrom.Kind.INNER
                  ? " " + kind + " JOIN "
                  : " CROSS JOIN ")
              + from(right)
              + (condition.isPresent()
                  ? " ON " + expression(condition.get())
                  : kind == RemoteFrom.Kind.INNER ? "" : " ON (1 = 1)")
              + ')';
    };
  }
}
