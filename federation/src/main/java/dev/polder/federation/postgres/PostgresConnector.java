package dev.polder.federation.postgres;

import dev.polder.federation.Connector;
import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import java.util.List;

/** Reads and writes databases of PostgreSQL 14 and later. Stateless and thread-safe. */
public final class PostgresConnector implements Connector {
  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public List<ConnectorProperty> properties() {
    return PostgresSettings.PROPERTIES;
  }

  @Override
  public SourceClient open(SourceSettings settings) {
    return new PostgresClient(PostgresSettings.of(settings));
  }
}
