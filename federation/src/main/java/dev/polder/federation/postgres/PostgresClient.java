package dev.polder.federation.postgres;

import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceTransaction;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One database of a PostgreSQL server. Thread-safe. */
final class PostgresClient implements SourceClient {
  private final PostgresSettings settings;
  private final PostgresErrors errors;
  private final PostgresConnections connections;
  private final PostgresCatalog catalog;
  private final PostgresSql sql = new PostgresSql();
  private volatile @Nullable PostgresDialect dialect;

  PostgresClient(PostgresSettings settings) {
    this.settings = settings;
    this.errors = new PostgresErrors(settings);
    this.connections = new PostgresConnections(settings, errors);
    this.catalog = new PostgresCatalog(settings, connections);
  }

  @Override
  public SourceDialect dialect() {
    PostgresDialect known = dialect;
    if (known == null) {
      String encoding =
          connections.with(
              connection -> String.valueOf(connection.getParameterStatus("server_encoding")));
      if (encoding.equals("SQL_ASCII")) {
        throw errors.failed(
            "the database's encoding is SQL_ASCII, which does not say what its texts mean", null);
      }
      known = new PostgresDialect(encoding.equals("UTF8"));
      dialect = known;
    }
    return known;
  }

  @Override
  public String defaultSchema() {
    return settings.schema();
  }

  @Override
  public List<String> schemas() {
    return catalog.schemas();
  }

  @Override
  public List<Listed> tables(String schema) {
    return catalog.tables(schema);
  }

  @Override
  public Optional<RemoteTable> table(String schema, String name) {
    return catalog.table(schema, name).map(PostgresCatalog.Table::table);
  }

  @Override
  public void invalidate() {
    catalog.invalidate();
  }

  @Override
  public String text(RemoteQuery query) {
    return sql.query(query);
  }

  @Override
  public SourceTransaction begin(boolean writes) {
    if (writes && settings.readOnly()) {
      throw errors.readOnly();
    }
    return new PostgresTransaction(settings, errors, connections, catalog, writes);
  }

  @Override
  public void close() {
    connections.close();
  }
}
