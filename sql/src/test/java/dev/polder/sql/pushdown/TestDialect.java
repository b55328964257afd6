package dev.polder.sql.pushdown;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;
import java.util.function.Predicate;

/** A dialect of a source that knows everything, or only some expressions. */
record TestDialect(Predicate<RemoteExpression> knows, boolean all) implements SourceDialect {
  static final SourceDialect EVERYTHING = new TestDialect(expression -> true, true);

  /** Comparisons of columns with constants, and nothing above scans. */
  static final SourceDialect LITTLE =
      new TestDialect(
          expression ->
              expression instanceof RemoteExpression.Column
                  || expression instanceof RemoteExpression.Literal
                  || expression instanceof RemoteExpression.Comparison,
          false);

  /** Conditions and joins, but no grouping and no subqueries. */
  static final SourceDialect JOINS =
      new TestDialect(expression -> !(expression instanceof RemoteExpression.Aggregate), false);

  @Override
  public Support supports(RemoteExpression expression) {
    return knows.test(expression) ? Support.EXACT : Support.NONE;
  }

  @Override
  public boolean supports(RemoteFrom.Kind join) {
    return all || join == RemoteFrom.Kind.INNER;
  }

  @Override
  public boolean orders(RemoteExpression value) {
    return all;
  }

  @Override
  public boolean groups(RemoteExpression value) {
    return all;
  }

  @Override
  public boolean limits() {
    return all;
  }

  @Override
  public boolean subqueries() {
    return all;
  }
}
