package dev.polder.federation.sqlite;

import static dev.polder.federation.ConnectorProperty.Kind.LOCAL_PATH;
import static dev.polder.federation.ConnectorProperty.Kind.NUMBER;
import static dev.polder.federation.ConnectorProperty.Kind.TEXT;

import dev.polder.duck.NativeThreads;
import dev.polder.federation.Connector;
import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import java.util.List;

/** Database files of SQLite. Thread-safe. */
public final class SqliteConnector implements Connector {
  private final NativeThreads threads;

  /**
   * Opens nothing yet.
   *
   * @param threads not the engine's own: its statements wait for those of sources
   */
  public SqliteConnector(NativeThreads threads) {
    this.threads = threads;
  }

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public List<ConnectorProperty> properties() {
    return List.of(
        ConnectorProperty.required("path", LOCAL_PATH, "The database file."),
        ConnectorProperty.withDefault(
            "types",
            TEXT,
            "declared",
            "declared: columns have the types that they declare; text: all are VARCHAR."),
        ConnectorProperty.withDefault(
            "busyTimeoutSeconds", NUMBER, "5", "How long to wait for another program's lock."),
        ConnectorProperty.withDefault(
            "metadataCacheSeconds", NUMBER, "10", "How long columns of tables are remembered."));
  }

  @Override
  public SourceClient open(SourceSettings settings) {
    return new SqliteClient(settings, threads);
  }
}
