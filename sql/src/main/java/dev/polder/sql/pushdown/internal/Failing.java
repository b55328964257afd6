package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteExpression;

/** Whether evaluating an expression can give an error. Stateless. */
public final class Failing {
  private Failing() {}

  /** Arithmetic and shifts of dates overflow; subqueries may give too many rows. */
  public static boolean can(RemoteExpression expression) {
    boolean own =
        switch (expression) {
          case RemoteExpression.Arithmetic(var o, var l, var r, var type) ->
              !type.equals(DuckTypes.DOUBLE);
          case RemoteExpression.Shift ignored -> true;
          case RemoteExpression.Scalar ignored -> true;
          case RemoteExpression.Exists ignored -> true;
          case RemoteExpression.InQuery ignored -> true;
          case RemoteExpression.Aggregate ignored -> true;
          default -> false;
        };
    return own || Conditions.operands(expression).stream().anyMatch(Failing::can);
  }
}
