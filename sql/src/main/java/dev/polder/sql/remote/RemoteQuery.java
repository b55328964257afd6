package dev.polder.sql.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One SELECT that a source is asked. The rows come in the order of {@link #orderBy}, NULLs where
 * each element says. Immutable.
 *
 * @param from empty: one row without columns
 * @param where one conjunct each
 * @param groupBy with any, or with an aggregate among the outputs, the query groups
 * @param having one conjunct each
 */
public record RemoteQuery(
    List<Output> outputs,
    Optional<RemoteFrom> from,
    List<RemoteExpression> where,
    List<RemoteExpression> groupBy,
    List<RemoteExpression> having,
    List<Order> orderBy,
    boolean distinct,
    OptionalLong limit,
    OptionalLong offset) {
  public RemoteQuery {
    outputs = List.copyOf(outputs);
    where = List.copyOf(where);
    groupBy = List.copyOf(groupBy);
    having = List.copyOf(having);
    orderBy = List.copyOf(orderBy);
  }

  /** An output column; its name is unique within the query, without regard to case. */
  public record Output(String name, RemoteExpression value) {}

  public record Order(RemoteExpression value, boolean descending, boolean nullsFirst) {}

  /** A query of one table, with these columns of it as its only outputs. */
  public RemoteQuery with(List<RemoteColumn> columns) {
    if (!(from.orElse(null) instanceof RemoteFrom.Table table)) {
      throw new IllegalStateException("not a query of one table");
    }
    return new RemoteQuery(
        columns.stream()
            .map(column ->
                new Output(column.name(), new RemoteExpression.Column(table.id(), column)))
            .toList(),
        from,
        where,
        groupBy,
        having,
        orderBy,
        distinct,
        limit,
        offset);
  }

  /** The same with more conditions on its rows. */
  public RemoteQuery and(List<RemoteExpression> conditions) {
    List<RemoteExpression> all = new ArrayList<>(where);
    all.addAll(conditions);
    return new RemoteQuery(outputs, from, all, groupBy, having, orderBy, distinct, limit, offset);
  }

  /** Some columns of a table, with the rows for which all the conditions hold. */
  public static RemoteQuery scan(
      RemoteTable table, List<RemoteColumn> columns, List<RemoteExpression> where) {
    return new RemoteQuery(
        columns.stream()
            .map(column -> new Output(column.name(), new RemoteExpression.Column(0, column)))
            .toList(),
        Optional.of(new RemoteFrom.Table(0, table)),
        where,
        List.of(),
        List.of(),
        List.of(),
        false,
        OptionalLong.empty(),
        OptionalLong.empty());
  }
}
