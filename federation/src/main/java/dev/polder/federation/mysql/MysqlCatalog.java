package dev.polder.federation.mysql;

import dev.polder.federation.SourceClient.Listed;
import dev.polder.federation.catalog.SourceCatalog;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a server of MySQL or MariaDB has; its databases are schemas. Thread-safe. */
final class MysqlCatalog implements SourceCatalog {
  private final MysqlSource source;
  private final MysqlSettings.Reading reading;

  MysqlCatalog(MysqlSource source, MysqlSettings.Reading reading) {
    this.source = source;
    this.reading = reading;
  }

  @Override
  public List<String> schemas() {
    return rows(
        """
        SELECT SCHEMA_NAME FROM information_schema.SCHEMATA
        WHERE SCHEMA_NAME NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
        """,
        row -> row.getString(1));
  }

  @Override
  public List<Listed> tables(String schema) {
    return rows(
        """
        SELECT TABLE_NAME, TABLE_TYPE = 'VIEW' FROM information_schema.TABLES
        WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
        """,
        row -> new Listed(row.getString(1), row.getBoolean(2)),
        schema);
  }

  @Override
  public Optional<RemoteTable> table(String schema, Listed table) {
    List<RemoteColumn> columns =
        rows(
            """
            SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, NUMERIC_PRECISION, NUMERIC_SCALE,
              IS_NULLABLE = 'YES', COALESCE(COLLATION_NAME, '')
            FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
            ORDER BY ORDINAL_POSITION
            """,
            this::column,
            schema,
            table.name());
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RemoteTable(
                source.alias(),
                schema,
                table.name(),
                table.view(),
                columns,
                estimate(schema, table)));
  }

  private OptionalLong estimate(String schema, Listed table) {
    return rows(
            """
            SELECT TABLE_ROWS FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND TABLE_ROWS IS NOT NULL
            """,
            row -> row.getLong(1),
            schema,
            table.name())
        .stream()
        .mapToLong(Long::longValue)
        .findFirst();
  }

  private RemoteColumn column(ResultSet row) throws SQLException {
    String type =
        MysqlTypes.read(row.getString(2), row.getString(3), row.getInt(4), row.getInt(5), reading);
    return new RemoteColumn(
        row.getString(1),
        type,
        MysqlTypes.nativeType(row.getString(3), row.getString(7)),
        row.getBoolean(6));
  }

  /** What a row says. */
  private interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> List<T> rows(String sql, Row<T> row, String... parameters) {
    return source.asked(connection -> all(connection, sql, row, parameters));
  }

  private static <T> List<T> all(
      Connection connection, String sql, Row<T> row, String... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        List<T> found = new ArrayList<>();
        while (rows.next()) {
          found.add(row.of(rows));
        }
        return found;
      }
    }
  }
}
