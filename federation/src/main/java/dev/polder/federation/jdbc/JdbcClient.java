package dev.polder.federation.jdbc;

import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.CachedClient;
import dev.polder.federation.catalog.CatalogCache;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.SourceDialect;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Any system that has a driver as a source. Thread-safe. */
final class JdbcClient implements CachedClient {
  private final JdbcSystem system;
  private final boolean readOnly;
  private final CatalogCache catalog;
  private volatile @Nullable String defaultSchema;

  JdbcClient(SourceSettings settings, Path driverDirectory) {
    readOnly = settings.readOnly();
    defaultSchema = settings.text("schema").orElse(null);
    system = new JdbcSystem(settings, driverDirectory);
    catalog =
        new CatalogCache(
            new JdbcCatalog(system),
            Duration.ofSeconds(settings.number("metadataCacheSeconds", 10)));
  }

  @Override
  public SourceDialect dialect() {
    return new JdbcDialect(system.product().kind());
  }

  @Override
  public String defaultSchema() {
    String known = defaultSchema;
    if (known == null) {
      boolean usesCatalogs = system.product().usesCatalogs();
      known =
          system.<String>asked(connection -> {
            Object found = usesCatalogs ? connection.getCatalog() : connection.getSchema();
            return String.valueOf(found);
          });
      defaultSchema = known;
    }
    return known;
  }

  @Override
  public CatalogCache catalog() {
    return catalog;
  }

  @Override
  public String text(RemoteQuery query) {
    return system.sql().query(query);
  }

  @Override
  public SourceTransaction begin(boolean writes) {
    if (writes && readOnly) {
      throw SourceFailure.readOnly(system.alias());
    }
    // Before anything else: it may be a system that has a connector of its own.
    system.product();
    Connection connection = system.connect();
    return new JdbcTransaction(system, connection, writes);
  }

  @Override
  public void close() {
    system.close();
  }
}
