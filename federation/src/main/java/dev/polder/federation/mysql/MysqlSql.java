package dev.polder.federation.mysql;

import dev.polder.federation.sql.SqlQueries;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Column;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;

/** MySQL's and MariaDB's SQL under ANSI_QUOTES and NO_BACKSLASH_ESCAPES. Stateless. */
final class MysqlSql extends SqlQueries {
  private static final OptionalLong ALL = OptionalLong.of(Long.MAX_VALUE);

  @Override
  public String sourceType(String duckType) {
    if (duckType.startsWith("DECIMAL(")) {
      return duckType;
    }
    return switch (duckType) {
      case "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT" -> "UNSIGNED";
      case "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> "SIGNED";
      case "HUGEINT" -> "DECIMAL(40,0)";
      case "DATE" -> "DATE";
      case "TIME" -> "TIME(6)";
      case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" -> "DATETIME(6)";
      case "BLOB" -> "BINARY";
      default -> "CHAR";
    };
  }

  /**
   * A cast would make zero of any text: values come as they are written, but for those that the
   * server would round or the driver interpret.
   */
  @Override
  protected String output(String text, RemoteExpression value) {
    if (value instanceof Column(var ignored, RemoteColumn column)
        && MysqlTypes.is(column.nativeType(), "bit")) {
      return cast(text, "UNSIGNED");
    }
    return switch (value.type()) {
      case "FLOAT" -> '(' + text + " + 0E0)";
      case "DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "UUID" -> cast(text, "CHAR");
      default ->
          value instanceof Column(var ignored, RemoteColumn column)
                  && MysqlTypes.is(column.nativeType(), "time")
              ? cast(text, "CHAR")
              : text;
    };
  }

  @Override
  protected String aggregate(RemoteExpression.Aggregate aggregate) {
    String cast = super.aggregate(aggregate);
    return cast.substring("CAST(".length(), cast.lastIndexOf(" AS "));
  }

  @Override
  protected String comparison(RemoteExpression.Comparison comparison) {
    String left = expression(comparison.left());
    String right = expression(comparison.right());
    return switch (comparison.operator()) {
      case NOT_DISTINCT -> '(' + left + " <=> " + right + ')';
      case DISTINCT -> "(NOT (" + left + " <=> " + right + "))";
      default -> super.comparison(comparison);
    };
  }

  @Override
  protected String floating(double value, String sourceType) {
    return "(" + spelled(value) + (spelled(value).contains("E") ? "" : "E0") + " + 0E0)";
  }

  /** The session's time zone is UTC. */
  @Override
  protected String instant(Instant instant) {
    return "TIMESTAMP " + text(moment(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), ""));
  }

  @Override
  protected String order(String value, RemoteQuery.Order order) {
    return '('
        + value
        + " IS NULL)"
        + (order.nullsFirst() ? " DESC, " : " ASC, ")
        + value
        + (order.descending() ? " DESC" : " ASC");
  }

  @Override
  protected String limit(OptionalLong limit, OptionalLong offset) {
    return super.limit(limit.isEmpty() && offset.isPresent() ? ALL : limit, offset);
  }

  /** The form that all versions know. */
  @Override
  public String delete(RemoteTable table, List<RemoteExpression> where) {
    return "DELETE " + relation(0) + super.delete(table, where).substring("DELETE".length());
  }
}
