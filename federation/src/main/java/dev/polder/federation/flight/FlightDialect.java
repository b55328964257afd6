package dev.polder.federation.flight;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;

/** Of a system that is not known only columns are asked. Stateless and thread-safe. */
final class FlightDialect implements SourceDialect {
  @Override
  public Support supports(RemoteExpression expression) {
    return expression instanceof RemoteExpression.Column ? Support.EXACT : Support.NONE;
  }

  @Override
  public boolean supports(RemoteFrom.Kind join) {
    return false;
  }

  @Override
  public boolean orders(RemoteExpression value) {
    return false;
  }

  @Override
  public boolean groups(RemoteExpression value) {
    return false;
  }

  @Override
  public boolean limits() {
    return false;
  }

  @Override
  public boolean subqueries() {
    return false;
  }
}
