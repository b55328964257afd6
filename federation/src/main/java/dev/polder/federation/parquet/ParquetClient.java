package dev.polder.federation.parquet;

import dev.polder.duck.Instance;
import dev.polder.duck.InstanceConnection;
import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.CachedClient;
import dev.polder.federation.catalog.CatalogCache;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.duckdb.DuckdbDialect;
import dev.polder.federation.duckdb.DuckdbFiles;
import dev.polder.federation.duckdb.DuckdbSql;
import dev.polder.federation.duckdb.DuckdbTransaction;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.SourceDialect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Parquet files as a source, read by an instance that can open nothing else. Thread-safe. */
final class ParquetClient implements CachedClient {
  private final String alias;
  private final ParquetRoot root;
  private final DuckdbFiles instances;
  private final CatalogCache catalog;
  private final DuckdbDialect dialect = new DuckdbDialect();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Instance instance;

  ParquetClient(SourceSettings settings, ParquetRoot root, DuckdbFiles instances) {
    alias = settings.alias();
    this.root = root;
    this.instances = instances;
    catalog =
        new CatalogCache(
            new ParquetCatalog(alias, root, this::instance),
            Duration.ofSeconds(settings.number("metadataCacheSeconds", 10)));
  }

  private Instance instance() {
    lock.lock();
    try {
      Instance now = instance;
      if (now != null && now.failed()) {
        now.close();
        now = null;
      }
      if (now == null) {
        now = instances.start(List.of(root.directory().toString()), List.of());
        instance = now;
      }
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public SourceDialect dialect() {
    return dialect;
  }

  @Override
  public String defaultSchema() {
    return ParquetCatalog.SCHEMA;
  }

  @Override
  public CatalogCache catalog() {
    return catalog;
  }

  @Override
  public String text(RemoteQuery query) {
    return new DuckdbSql(alias).query(query);
  }

  @Override
  public SourceTransaction begin(boolean writes) {
    if (writes) {
      throw SourceFailure.readOnly(alias);
    }
    ParquetTables tables = new ParquetTables(alias, root);
    InstanceConnection connection;
    try {
      connection = instance().connect();
    } catch (PolderException e) {
      throw SourceFailure.of(alias, e);
    }
    return new DuckdbTransaction(
        alias, connection, new ParquetSql(alias, tables::call), false, tables::close);
  }

  @Override
  public void close() {
    lock.lock();
    try (root) {
      Instance now = instance;
      instance = null;
      if (now != null) {
        now.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
