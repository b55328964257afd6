package dev.polder.federation.sqlite;

import dev.polder.duck.NativeThreads;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.CatalogCache;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.jdbc.JdbcTransaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file of SQLite as a source. Thread-safe. */
final class SqliteClient implements SourceClient {
  private final SqliteSource source;
  private final boolean readOnly;
  private final CatalogCache catalog;
  private volatile @Nullable SqliteDialect dialect;

  SqliteClient(SourceSettings settings, NativeThreads threads) {
    String alias = settings.alias();
    readOnly = settings.readOnly();
    Path file = Path.of(settings.required("path")).toAbsolutePath().normalize();
    if (file.toString().indexOf('?') >= 0) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "property path of source '" + alias + "' must have no question mark");
    }
    source = new SqliteSource(alias, file, settings.number("busyTimeoutSeconds", 5), threads);
    catalog =
        new CatalogCache(
            new SqliteCatalog(source, textOnly(settings)),
            Duration.ofSeconds(settings.number("metadataCacheSeconds", 10)));
  }

  private static boolean textOnly(SourceSettings settings) {
    return switch (settings.text("types").orElse("declared")) {
      case "declared" -> false;
      case "text" -> true;
      default ->
          throw new PolderException(
              ErrorCode.INVALID_PARAMETER,
              "property types of source '" + settings.alias() + "' must be declared or text");
    };
  }

  @Override
  public SourceDialect dialect() {
    SqliteDialect known = dialect;
    if (known == null) {
      known =
          source.asked(connection -> {
            try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA encoding")) {
              return new SqliteDialect(rows.next() && "UTF-8".equals(rows.getString(1)));
            }
          });
      dialect = known;
    }
    return known;
  }

  @Override
  public String defaultSchema() {
    return SqliteCatalog.SCHEMA;
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
    dialect = null;
  }

  @Override
  public String text(RemoteQuery query) {
    return source.sql().query(query);
  }

  @Override
  public SourceTransaction begin(boolean writes) {
    if (writes && readOnly) {
      throw SourceFailure.readOnly(source.alias());
    }
    return new JdbcTransaction(source, source.connect(writes), writes);
  }

  @Override
  public void close() {
    catalog.invalidate();
  }
}
