package dev.polder.federation.sqlite;

import dev.polder.federation.sql.SqlQueries;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import java.util.OptionalLong;

/** SQLite's SQL. Stateless and thread-safe. */
final class SqliteSql extends SqlQueries {
  /** Powers of two up to this are exact as integers. */
  static final int MOST_SHIFT = 62;

  @Override
  public String sourceType(String duckType) {
    return switch (duckType) {
      case "BOOLEAN", "BIGINT", "INTEGER", "HUGEINT" -> "INTEGER";
      case "DOUBLE" -> "REAL";
      case "BLOB" -> "BLOB";
      default -> "TEXT";
    };
  }

  /** A cast would make a value of the wanted type of any other. */
  @Override
  protected String output(String text, RemoteExpression value) {
    return text;
  }

  @Override
  protected String aggregate(RemoteExpression.Aggregate aggregate) {
    String cast = super.aggregate(aggregate);
    return cast.substring("CAST(".length(), cast.lastIndexOf(" AS "));
  }

  /** A column's own collation may not tell letters apart. */
  @Override
  protected String column(RemoteExpression.Column column) {
    String name = super.column(column);
    return column.type().equals("VARCHAR") ? '(' + name + " COLLATE BINARY)" : name;
  }

  @Override
  public String literal(RemoteExpression.Literal literal) {
    if (literal.value() instanceof Boolean truth) {
      return "CAST(" + (truth ? 1 : 0) + " AS INTEGER)";
    }
    String text = super.literal(literal);
    for (String word : new String[] {"DATE ", "TIMESTAMP ", "TIME "}) {
      if (text.startsWith(word + "'")) {
        return text.substring(word.length());
      }
    }
    return text;
  }

  /** As a quotient of whole numbers: SQLite's reading of decimals is not exact. */
  @Override
  protected String floating(double value, String sourceType) {
    if (value == 0) {
      return "CAST(0 AS REAL)";
    }
    int exponent = Math.getExponent(value) - 52;
    long mantissa = (long) Math.scalb(value, -exponent);
    String whole = "CAST(" + mantissa + " AS REAL)";
    return exponent >= 0
        ? '(' + whole + " * CAST(" + (1L << exponent) + " AS REAL))"
        : '(' + whole + " / CAST(" + (1L << -exponent) + " AS REAL))";
  }

  /** Whether {@link #floating} can write the value. */
  static boolean isWritable(double value) {
    int exponent = Math.getExponent(value) - 52;
    return value == 0 || (Double.isFinite(value) && Math.abs(exponent) <= MOST_SHIFT);
  }

  @Override
  public String text(String value) {
    return value.indexOf('\0') < 0
        ? super.text(value)
        : '(' + super.text(value).replace("\0", "' || char(0) || '") + ')';
  }

  @Override
  protected String limit(OptionalLong limit, OptionalLong offset) {
    return super.limit(
        limit.isEmpty() && offset.isPresent() ? OptionalLong.of(Long.MAX_VALUE) : limit, offset);
  }

  @Override
  protected String assigned(RemoteColumn column, RemoteExpression value) {
    return expression(value);
  }
}
