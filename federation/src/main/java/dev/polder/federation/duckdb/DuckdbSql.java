package dev.polder.federation.duckdb;

import dev.polder.duck.Sql;
import dev.polder.federation.sql.SqlQueries;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteTable;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;

/** DuckDB's SQL. Stateless and thread-safe. */
public class DuckdbSql extends SqlQueries {
  private final String catalog;

  /** SQL for tables of a catalog of the instance. */
  public DuckdbSql(String catalog) {
    this.catalog = catalog;
  }

  @Override
  public String identifier(String name) {
    return Sql.identifier(name);
  }

  @Override
  public String table(RemoteTable table) {
    return Sql.identifier(catalog, table.schema(), table.name());
  }

  @Override
  public String sourceType(String duckType) {
    return duckType;
  }

  /** {@code INSERT} of the rows of a relation whose columns are c0, c1, …, in their order. */
  public String insert(RemoteTable table, List<RemoteColumn> columns, String rows) {
    StringBuilder names = new StringBuilder();
    StringBuilder values = new StringBuilder();
    StringBuilder given = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      RemoteColumn column = columns.get(i);
      String comma = i == 0 ? "" : ", ";
      names.append(comma).append(identifier(column.name()));
      given.append(comma).append('c').append(i);
      values.append(comma).append(stored("r.c" + i, column));
    }
    return "INSERT INTO "
        + table(table)
        + " ("
        + names
        + ") SELECT "
        + values
        + " FROM "
        + rows
        + " AS r("
        + given
        + ')';
  }

  @Override
  protected String assigned(RemoteColumn column, RemoteExpression value) {
    return stored(expression(value), column);
  }

  private String stored(String value, RemoteColumn column) {
    return column.nativeType().equals(column.type())
        ? cast(value, column.type())
        : cast(cast(value, column.type()), column.nativeType());
  }

  @Override
  protected String output(String text, RemoteExpression value) {
    return cast(cast(text, value.type()), DuckdbTypes.wire(value.type()));
  }

  /** A column may have a collation of its own, which casts keep. */
  @Override
  protected String column(RemoteExpression.Column column) {
    String name = super.column(column);
    if (!column.type().equals("VARCHAR")) {
      return column.column().nativeType().equals(column.type()) ? name : cast(name, column.type());
    }
    return '('
        + (column.column().nativeType().equals("VARCHAR") ? name : cast(name, "VARCHAR"))
        + " COLLATE \"binary\")";
  }

  /** The operands' types give the result's, here as in the engine. */
  @Override
  protected String arithmetic(RemoteExpression.Arithmetic arithmetic) {
    return '('
        + expression(arithmetic.left())
        + operator(arithmetic.operator())
        + expression(arithmetic.right())
        + ')';
  }

  @Override
  protected String call(RemoteExpression.Call call) {
    return call.function() == RemoteExpression.Function.LENGTH
        ? "length(" + list(call.arguments()) + ')'
        : super.call(call);
  }

  @Override
  public String text(String value) {
    return value.indexOf('\0') < 0
        ? Sql.literal(value)
        : '(' + Sql.literal(value).replace("\0", "' || chr(0) || '") + ')';
  }

  @Override
  protected String binary(byte[] bytes) {
    return "unhex('" + HexFormat.of().formatHex(bytes) + "')";
  }

  @Override
  protected String day(LocalDate date) {
    return super.day(date).replace(" BC", " (BC)");
  }

  /** The era stands behind the day. */
  @Override
  protected String moment(LocalDateTime moment, String offset) {
    String text = super.moment(moment, offset);
    return text.endsWith(" BC")
        ? text.substring(0, text.length() - 3).replaceFirst(" ", " (BC) ")
        : text;
  }
}
