package dev.polder.federation.sql;

import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A table of a statement, and those of its columns that the statement looks at. Immutable. */
public record UsedColumns(RemoteTable table, List<RemoteColumn> columns) {
  public UsedColumns {
    columns = List.copyOf(columns);
  }

  /** Of a query and everything in it. */
  public static List<UsedColumns> of(RemoteQuery query) {
    Walk walk = new Walk();
    walk.query(query);
    return walk.result();
  }

  /** Of a change to a table, which is relation 0. */
  public static List<UsedColumns> of(RemoteTable table, List<RemoteExpression> expressions) {
    Walk walk = new Walk();
    walk.from(new RemoteFrom.Table(0, table));
    expressions.forEach(walk::expression);
    return walk.result();
  }

  private static final class Walk {
    private final Map<Integer, RemoteTable> tables = new LinkedHashMap<>();
    private final Map<Integer, Set<RemoteColumn>> columns = new LinkedHashMap<>();

    List<UsedColumns> result() {
      List<UsedColumns> used = new ArrayList<>();
      tables.forEach((id, table) ->
          used.add(new UsedColumns(table, List.copyOf(columns.getOrDefault(id, Set.of())))));
      return used;
    }

    void query(RemoteQuery query) {
      query.from().ifPresent(this::from);
      query.outputs().forEach(output -> expression(output.value()));
      query.where().forEach(this::expression);
      query.groupBy().forEach(this::expression);
      query.having().forEach(this::expression);
      query.orderBy().forEach(order -> expression(order.value()));
    }

    void from(RemoteFrom from) {
      switch (from) {
        case RemoteFrom.Table(var id, var table) -> tables.put(id, table);
        case RemoteFrom.Subquery(var ignored, var query) -> query(query);
        case RemoteFrom.Join(var ignored, var left, var right, var condition) -> {
          from(left);
          from(right);
          condition.ifPresent(this::expression);
        }
      }
    }

    void expression(RemoteExpression expression) {
      switch (expression) {
        case RemoteExpression.Column(var relation, var column) ->
            columns.computeIfAbsent(relation, id -> new LinkedHashSet<>()).add(column);
        case RemoteExpression.InQuery(var ignored, var query) -> query(query);
        case RemoteExpression.Exists(var query) -> query(query);
        case RemoteExpression.Scalar(var query) -> query(query);
        default -> {
          // Nothing but its operands.
        }
      }
      Conditions.operands(expression).forEach(this::expression);
    }
  }
}
