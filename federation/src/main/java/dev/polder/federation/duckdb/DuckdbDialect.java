package dev.polder.federation.duckdb;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;

/**
 * DuckDB means what DuckDB means. Only what depends on the session's time zone is left to the
 * engine's own session. Stateless and thread-safe.
 */
public final class DuckdbDialect implements SourceDialect {
  private static final String ZONED = "TIMESTAMP WITH TIME ZONE";

  @Override
  public Support supports(RemoteExpression expression) {
    boolean isZoned =
        switch (expression) {
          case RemoteExpression.Shift shift -> isZoned(shift) || isZoned(shift.operand());
          case RemoteExpression.Widen widen -> isZoned(widen) != isZoned(widen.operand());
          case RemoteExpression.Call call ->
              switch (call.function()) {
                case YEAR, MONTH, DAY, CONCAT ->
                    call.arguments().stream().anyMatch(DuckdbDialect::isZoned);
                case SUBSTRING, LENGTH, COALESCE, NULLIF -> false;
              };
          default -> false;
        };
    return isZoned ? Support.NONE : Support.EXACT;
  }

  private static boolean isZoned(RemoteExpression expression) {
    return expression.type().equals(ZONED);
  }

  @Override
  public boolean supports(RemoteFrom.Kind join) {
    return true;
  }

  @Override
  public boolean orders(RemoteExpression value) {
    return true;
  }

  @Override
  public boolean groups(RemoteExpression value) {
    return true;
  }

  @Override
  public boolean limits() {
    return true;
  }

  @Override
  public boolean subqueries() {
    return true;
  }
}
