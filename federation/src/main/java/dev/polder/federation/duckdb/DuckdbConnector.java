package dev.polder.federation.duckdb;

import static dev.polder.federation.ConnectorProperty.Kind.LOCAL_PATH;
import static dev.polder.federation.ConnectorProperty.Kind.NUMBER;
import static dev.polder.federation.ConnectorProperty.Kind.TEXT;

import dev.polder.federation.Connector;
import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import java.util.List;

/** Database files of DuckDB. Thread-safe. */
public final class DuckdbConnector implements Connector {
  private final DuckdbFiles files;

  public DuckdbConnector(DuckdbFiles files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "duckdb";
  }

  @Override
  public List<ConnectorProperty> properties() {
    return List.of(
        ConnectorProperty.required("path", LOCAL_PATH, "The database file."),
        ConnectorProperty.withDefault(
            "schema", TEXT, "main", "The schema of names that give none."),
        ConnectorProperty.withDefault(
            "metadataCacheSeconds", NUMBER, "10", "How long columns of tables are remembered."));
  }

  @Override
  public SourceClient open(SourceSettings settings) {
    return new DuckdbClient(settings, files);
  }
}
