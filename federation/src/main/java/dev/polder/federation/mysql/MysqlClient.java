package dev.polder.federation.mysql;

import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.CatalogCache;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.jdbc.JdbcTransaction;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A server of MySQL or MariaDB as a source. Thread-safe. */
final class MysqlClient implements SourceClient {
  private final MysqlSettings settings;
  private final MysqlSource source;
  private final CatalogCache catalog;
  private final MysqlDialect dialect = new MysqlDialect();

  MysqlClient(SourceSettings given) {
    settings = MysqlSettings.of(given);
    source = new MysqlSource(settings);
    catalog =
        new CatalogCache(
            new MysqlCatalog(source, settings.reading()),
            Duration.ofSeconds(given.number("metadataCacheSeconds", 10)));
  }

  @Override
  public SourceDialect dialect() {
    return dialect;
  }

  @Override
  public String defaultSchema() {
    return settings.database();
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
    return catalog.table(schema, name);
  }

  @Override
  public void invalidate() {
    catalog.invalidate();
  }

  @Override
  public String text(RemoteQuery query) {
    return source.sql().query(query);
  }

  @Override
  public SourceTransaction begin(boolean writes) {
    if (writes && settings.readOnly()) {
      throw SourceFailure.readOnly(settings.alias());
    }
    return new JdbcTransaction(source, source.connect(), writes);
  }

  @Override
  public void close() {
    source.close();
  }
}
