package dev.polder.federation.mysql;

import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.CachedClient;
import dev.polder.federation.catalog.CatalogCache;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.jdbc.JdbcTransaction;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.SourceDialect;
import java.time.Duration;

/** A server of MySQL or MariaDB as a source. Thread-safe. */
final class MysqlClient implements CachedClient {
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
  public CatalogCache catalog() {
    return catalog;
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
