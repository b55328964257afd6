package dev.polder.federation.sql;

import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return query(query, List.of());
  }

  /**
   * The statement that asks for a query.
   *
   * @param more conditions as text
   */
  protected String query(RemoteQuery query, List<String> more) {
    List<String> added = new ArrayList<>(assertions(UsedColumns.of(query)));
    added.addAll(more);
    return select(query, Optional.of(added));
  }

  /** {@code UPDATE}: columns are of relation 0. */
  public String update(
      RemoteTable table, Map<RemoteColumn, RemoteExpression> values, List<RemoteExpression> where) {
    List<RemoteExpression> used = new ArrayList<>(where);
    used.addAll(values.values());
    return "UPDATE "
        + target(table)
        + values.entrySet().stream()
            .map(entry ->
                identifier(entry.getKey().name())
                    + " = "
                    + assigned(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", ", " SET ", ""))
        + conditions(" WHERE ", where, assertions(UsedColumns.of(table, used)));
  }

  /** {@code DELETE}: columns are of relation 0. */
  public String delete(RemoteTable table, List<RemoteExpression> where) {
    return "DELETE FROM "
        + target(table)
        + conditions(" WHERE ", where, assertions(UsedColumns.of(table, where)));
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

  /**
   * Conditions that always hold, and that the source refuses when the columns used are no longer
   * what they were.
   */
  protected List<String> assertions(List<UsedColumns> used) {
    return List.of();
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
    return select(query, Optional.empty());
  }

  /**
   * @param added conditions of a query that is sent; empty for one within another
   */
  private String select(RemoteQuery query, Optional<List<String>> added) {
    boolean sent = added.isPresent();
    return query.distinct() && (sent || !query.orderBy().isEmpty())
        ? distinct(query, added)
        : "SELECT "
            + (query.distinct() ? "DISTINCT " : "")
            + outputs(query, sent)
            + body(query, added)
            + ordered(query)
            + limit(query.limit(), query.offset());
  }

  /**
   * The rows are told apart below, as they are: casts and ORDER BY would change what DISTINCT sees.
   */
  private String distinct(RemoteQuery query, Optional<List<String>> added) {
    boolean sent = added.isPresent();
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
        + body(query, added)
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

  private String body(RemoteQuery query, Optional<List<String>> added) {
    return query.from().map(from -> " FROM " + from(from)).orElse("")
        + conditions(" WHERE ", query.where(), added.orElse(List.of()))
        + (query.groupBy().isEmpty() ? "" : " GROUP BY " + list(query.groupBy()))
        + conditions(" HAVING ", query.having(), List.of());
  }

  private String ordered(RemoteQuery query) {
    return query.orderBy().isEmpty()
        ? ""
        : query.orderBy().stream()
            .map(order -> order(expression(order.value()), order))
            .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  private String conditions(
      String keyword, List<RemoteExpression> conditions, List<String> assertions) {
    List<String> all = new ArrayList<>();
    conditions.forEach(condition -> all.add(expression(condition)));
    all.addAll(assertions);
    return all.isEmpty() ? "" : keyword + String.join(" AND ", all);
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
