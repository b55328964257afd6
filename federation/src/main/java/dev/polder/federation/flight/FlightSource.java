package dev.polder.federation.flight;

import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.CachedClient;
import dev.polder.federation.catalog.CatalogCache;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.duckdb.DuckdbDialect;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.SourceDialect;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server of Flight SQL as a source that is read. Thread-safe. */
final class FlightSource implements CachedClient {
  private final String alias;
  private final String defaultSchema;
  private final String dialect;
  private final FlightServer server;
  private final CatalogCache catalog;
  private volatile @Nullable Boolean isDuckdb;

  FlightSource(SourceSettings settings) {
    alias = settings.alias();
    defaultSchema = settings.text("schema").orElse("main");
    dialect = settings.text("dialect").orElse("auto");
    if (!List.of("auto", "duckdb", "none").contains(dialect)) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "property dialect of source '" + alias + "' must be auto, duckdb or none");
    }
    server = new FlightServer(settings);
    catalog =
        new CatalogCache(server, Duration.ofSeconds(settings.number("metadataCacheSeconds", 10)));
  }

  private boolean isDuckdb() {
    Boolean known = isDuckdb;
    if (known == null) {
      known = dialect.equals("duckdb") || (dialect.equals("auto") && server.isDuckdb());
      isDuckdb = known;
    }
    return known;
  }

  @Override
  public SourceDialect dialect() {
    return isDuckdb() ? new DuckdbDialect() : new FlightDialect();
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
    return new FlightSql(isDuckdb()).query(query);
  }

  @Override
  public SourceTransaction begin(boolean writes) {
    if (writes) {
      throw SourceFailure.readOnly(alias);
    }
    return new FlightTransaction(alias, server, new FlightSql(isDuckdb()));
  }

  @Override
  public void close() {
    server.close();
  }
}
