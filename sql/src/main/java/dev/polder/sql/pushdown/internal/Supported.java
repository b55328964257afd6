package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.AggregateFunction;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;

/** Whether a source evaluates a whole query exactly. */
final class Supported {
  private final SourceDialect dialect;

  Supported(SourceDialect dialect) {
    this.dialect = dialect;
  }

  static boolean aggregates(RemoteExpression expression) {
    return expression instanceof RemoteExpression.Aggregate
        || Conditions.operands(expression).stream().anyMatch(Supported::aggregates);
  }

  /** Throws with the reason unless all of the query is. */
  void check(RemoteQuery query) {
    query.outputs().forEach(output -> check(output.value()));
    query.from().ifPresent(this::check);
    query.where().forEach(this::check);
    query.groupBy().forEach(this::check);
    query.having().forEach(this::check);
    query.orderBy().forEach(order -> check(order.value()));
    query.groupBy().forEach(this::groups);
    if (query.distinct()) {
      query.outputs().forEach(output -> groups(output.value()));
    }
    for (RemoteQuery.Order order : query.orderBy()) {
      if (!dialect.orders(order.value())) {
        throw new NotPushed("the source orders " + order.value().type() + " otherwise");
      }
    }
    if ((query.limit().isPresent() || query.offset().isPresent()) && !dialect.limits()) {
      throw new NotPushed("the source knows no LIMIT");
    }
  }

  private void groups(RemoteExpression value) {
    if (!dialect.groups(value)) {
      throw new NotPushed("the source groups " + value.type() + " otherwise");
    }
  }

  private void check(RemoteFrom from) {
    switch (from) {
      case RemoteFrom.Table ignored -> {
        // A table can always be read.
      }
      case RemoteFrom.Subquery(int ignored, var query) -> subquery(query);
      case RemoteFrom.Join(var kind, var left, var right, var condition) -> {
        if (!dialect.supports(kind)) {
          throw new NotPushed("the source knows no " + kind + " JOIN");
        }
        check(left);
        check(right);
        condition.ifPresent(this::check);
      }
    }
  }

  private void subquery(RemoteQuery query) {
    if (!dialect.subqueries()) {
      throw new NotPushed("the source knows no subqueries");
    }
    check(query);
  }

  boolean exactly(RemoteExpression expression) {
    return Conditions.support(expression, dialect) == Support.EXACT;
  }

  void check(RemoteExpression expression) {
    if (!exactly(expression)) {
      throw new NotPushed("the source does not evaluate " + name(expression) + " as DuckDB does");
    }
    queries(expression);
  }

  private static String name(RemoteExpression expression) {
    return expression.getClass().getSimpleName();
  }

  /** What {@link Conditions#support} does not look at. */
  private void queries(RemoteExpression expression) {
    switch (expression) {
      case RemoteExpression.Exists(var query) -> subquery(query);
      case RemoteExpression.Scalar(var query) -> subquery(query);
      case RemoteExpression.InQuery(var ignored, var query) -> subquery(query);
      case RemoteExpression.Aggregate(
              var function,
              var operand,
              boolean distinct,
              var f,
              var t) -> {
        if (distinct) {
          operand.ifPresent(this::groups);
        }
        boolean ordered = function == AggregateFunction.MIN || function == AggregateFunction.MAX;
        if (ordered && !operand.filter(dialect::orders).isPresent()) {
          throw new NotPushed("the source orders what " + function + " is of otherwise");
        }
      }
      default -> {
        // Nothing else holds a query.
      }
    }
    Conditions.operands(expression).forEach(this::queries);
  }
}
