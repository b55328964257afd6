package dev.polder.engine.internal.source;

import dev.polder.duck.InstanceConnection;
import dev.polder.duck.ResultColumn;
import dev.polder.duck.Sql;
import dev.polder.engine.source.SourceBrowser;
import dev.polder.metastore.source.Source;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A source that the statement's own instance has attached. Used by the statement's thread. */
final class AttachedCatalog {
  private final InstanceConnection connection;
  private final String alias;

  /**
   * @throws PolderException SETUP_FAILED when it could not be attached; COLLECTION_NOT_FOUND when
   *     the instance is older than the source
   */
  AttachedCatalog(InstanceConnection connection, Source source) {
    this.connection = connection;
    this.alias = source.alias().value();
    PolderException failed = connection.instance().failedSetups().get(alias);
    if (failed != null) {
      throw new PolderException(failed.code(), String.valueOf(failed.getMessage()), failed);
    }
    List<?> attached =
        connection.rows(
            "SELECT 1 FROM duckdb_databases() WHERE lower(database_name) = ?", List.of(alias));
    if (attached.isEmpty()) {
      throw new PolderException(
          ErrorCode.COLLECTION_NOT_FOUND,
          "catalog '"
              + alias
              + "' does not exist: the source was changed after this instance had started; recycle"
              + " the instance, or wait until it was idle");
    }
  }

  /** {@code main}, or {@code public} where there is no such schema. */
  String defaultSchema() {
    List<?> main =
        connection.rows(
            "SELECT 1 FROM duckdb_schemas() WHERE lower(database_name) = ? AND schema_name ="
                + " 'main'",
            List.of(alias));
    return main.isEmpty() ? "public" : "main";
  }

  /** In order of name, without the system's own. */
  List<String> schemas() {
    return connection
        .rows(
            "SELECT schema_name FROM duckdb_schemas() WHERE lower(database_name) = ? AND"
                + " schema_name NOT IN ('information_schema', 'pg_catalog') ORDER BY schema_name",
            List.of(alias))
        .stream()
        .map(row -> String.valueOf(row.getFirst()))
        .toList();
  }

  /** The tables and views of a schema in order of name. */
  List<SourceBrowser.Listed> tables(String schema) {
    return connection
        .rows(
            "SELECT table_name, table_type = 'VIEW' FROM information_schema.tables WHERE"
                + " lower(table_catalog) = ? AND lower(table_schema) = lower(?) ORDER BY table_name",
            List.of(alias, schema))
        .stream()
        .map(row ->
            new SourceBrowser.Listed(
                String.valueOf(row.getFirst()), Boolean.TRUE.equals(row.getLast())))
        .toList();
  }

  Optional<RemoteTable> table(String schema, String name) {
    try {
      List<RemoteColumn> columns = new ArrayList<>();
      for (ResultColumn column :
          connection.columns("SELECT * FROM " + Sql.identifier(alias, schema, name))) {
        columns.add(new RemoteColumn(column.name(), column.duckType(), column.duckType(), true));
      }
      return Optional.of(
          new RemoteTable(alias, schema, name, false, columns, OptionalLong.empty()));
    } catch (PolderException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND || e.code() == ErrorCode.SCHEMA_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
