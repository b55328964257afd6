package dev.polder.federation.flight;

import dev.polder.federation.duckdb.DuckdbSql;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteTable;

/** SQL for a server of Flight SQL, which has chosen its catalog itself. Stateless. */
final class FlightSql extends DuckdbSql {
  private final boolean isDuckdb;

  FlightSql(boolean isDuckdb) {
    super("");
    this.isDuckdb = isDuckdb;
  }

  @Override
  public String table(RemoteTable table) {
    return identifier(table.schema()) + '.' + identifier(table.name());
  }

  /** Of other systems whole columns alone are asked, as text where Arrow's type is unknown. */
  @Override
  protected String column(RemoteExpression.Column column) {
    if (isDuckdb) {
      return super.column(column);
    }
    String name = relation(column.relation()) + '.' + identifier(column.column().name());
    return column.column().type().equals(column.column().nativeType())
        ? name
        : cast(name, "VARCHAR");
  }

  @Override
  protected String output(String text, RemoteExpression value) {
    return isDuckdb ? super.output(text, value) : text;
  }
}
