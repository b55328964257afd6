package dev.polder.federation.duckdb;

import dev.polder.duck.InstanceConnection;
import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.CachedClient;
import dev.polder.federation.catalog.CatalogCache;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.SourceDialect;
import java.nio.file.Path;
import java.time.Duration;

/** A database file of DuckDB as a source. Thread-safe. */
final class DuckdbClient implements CachedClient {
  private final String alias;
  private final boolean writable;
  private final String defaultSchema;
  private final DuckdbFiles files;
  private final Path file;
  private final CatalogCache catalog;
  private final DuckdbSql sql = new DuckdbSql(DuckdbFiles.CATALOG);
  private final DuckdbDialect dialect = new DuckdbDialect();

  DuckdbClient(SourceSettings settings, DuckdbFiles files) {
    alias = settings.alias();
    writable = !settings.readOnly();
    defaultSchema = settings.text("schema").orElse("main");
    this.files = files;
    file = Path.of(settings.required("path")).toAbsolutePath().normalize();
    catalog =
        new CatalogCache(
            new DuckdbCatalog(alias, files, file, writable),
            Duration.ofSeconds(settings.number("metadataCacheSeconds", 10)));
  }

  @Override
  public SourceDialect dialect() {
    return dialect;
  }

  @Override
  public String defaultSchema() {
    return defaultSchema;
  }

  @Override
  public CatalogCache catalog() {
    return catalog;
  }

  @Override
  public String text(RemoteQuery query) {
    return sql.query(query);
  }

  @Override
  public SourceTransaction begin(boolean writes) {
    if (writes && !writable) {
      throw SourceFailure.readOnly(alias);
    }
    SharedFile.Lease lease = files.lease(alias, file, writable);
    InstanceConnection connection;
    try {
      connection = lease.instance().connect();
    } catch (PolderException e) {
      lease.close();
      throw SourceFailure.of(alias, e);
    }
    return new DuckdbTransaction(alias, connection, sql, writes, lease::close);
  }

  /** Files are shared among sources, and close when nobody has used them for a while. */
  @Override
  public void close() {
    catalog.invalidate();
  }
}
