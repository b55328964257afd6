package dev.polder.federation.sqlite;

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
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What a file of SQLite has. Thread-safe. */
final class SqliteCatalog implements SourceCatalog {
  static final String SCHEMA = "main";

  private final SqliteSource source;
  private final boolean textOnly;

  SqliteCatalog(SqliteSource source, boolean textOnly) {
    this.source = source;
    this.textOnly = textOnly;
  }

  @Override
  public List<String> schemas() {
    return List.of(SCHEMA);
  }

  @Override
  public List<Listed> tables(String schema) {
    return source.asked(connection -> {
      try (PreparedStatement statement =
              connection.prepareStatement(
                  """
                  SELECT name, type FROM pragma_table_list
                  WHERE schema = 'main' AND type IN ('table', 'view', 'virtual')
                    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                  """);
          ResultSet rows = statement.executeQuery()) {
        List<Listed> tables = new ArrayList<>();
        while (rows.next()) {
          tables.add(new Listed(rows.getString(1), rows.getString(2).equals("view")));
        }
        return tables;
      }
    });
  }

  @Override
  public Optional<RemoteTable> table(String schema, Listed table) {
    List<RemoteColumn> columns = source.asked(connection -> columns(connection, table.name()));
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RemoteTable(
                source.alias(), schema, table.name(), table.view(), columns, OptionalLong.empty()));
  }

  private List<RemoteColumn> columns(Connection connection, String table) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT c.name, c.type, c."notnull", c.pk,
              count(CASE WHEN c.pk > 0 THEN 1 END) OVER () AS keys, l.strict, l.wr
            FROM pragma_table_xinfo(?1) c, pragma_table_list(?1) l
            WHERE c.hidden <> 1 AND l.schema = 'main'
            ORDER BY c.cid
            """)) {
      statement.setString(1, table);
      try (ResultSet rows = statement.executeQuery()) {
        List<RemoteColumn> columns = new ArrayList<>();
        while (rows.next()) {
          columns.add(column(rows));
        }
        return columns;
      }
    }
  }

  private RemoteColumn column(ResultSet rows) throws SQLException {
    String declared = rows.getString(2) == null ? "" : rows.getString(2);
    boolean isRowid =
        declared.toUpperCase(Locale.ROOT).equals("INTEGER")
            && rows.getInt(4) == 1
            && rows.getInt(5) == 1
            && rows.getInt(7) == 0;
    String nativeType =
        isRowid
            ? SqliteTypes.ROWID
            : rows.getInt(6) == 1 ? declared + SqliteTypes.STRICT : declared;
    return new RemoteColumn(
        rows.getString(1),
        textOnly ? "VARCHAR" : SqliteTypes.read(declared),
        nativeType,
        rows.getInt(3) == 0 && !isRowid);
  }
}
