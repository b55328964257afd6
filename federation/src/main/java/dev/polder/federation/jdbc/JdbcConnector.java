package dev.polder.federation.jdbc;

import static dev.polder.federation.ConnectorProperty.Kind.NUMBER;
import static dev.polder.federation.ConnectorProperty.Kind.SECRET;
import static dev.polder.federation.ConnectorProperty.Kind.TEXT;

import dev.polder.federation.Connector;
import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * Any system whose driver an administrator put into a directory. What a driver does with its url is
 * the driver's: only who runs the server should make such sources. Thread-safe.
 */
public final class JdbcConnector implements Connector {
  private final Path driverDirectory;

  /**
   * Loads nothing yet.
   *
   * @param driverDirectory the jars of drivers
   */
  public JdbcConnector(Path driverDirectory) {
    this.driverDirectory = driverDirectory;
  }

  @Override
  public String name() {
    return "jdbc";
  }

  @Override
  public List<ConnectorProperty> properties() {
    return List.of(
        ConnectorProperty.required("url", TEXT, "The driver's url, such as jdbc:h2:…"),
        ConnectorProperty.optional(
            "driver", TEXT, "The driver's class, where no driver says that it knows the url."),
        ConnectorProperty.optional("user", TEXT, "Who connects."),
        ConnectorProperty.optional("password", SECRET, "The user's password."),
        ConnectorProperty.optional("schema", TEXT, "The schema of names that give none."),
        ConnectorProperty.withDefault(
            "numeric",
            TEXT,
            "double",
            "What decimals of more than 38 digits become: double or text."),
        ConnectorProperty.withDefault(
            "fetchSize", NUMBER, "10000", "Rows that the driver is asked for at once."),
        ConnectorProperty.withDefault(
            "maxConnections", NUMBER, "8", "Connections at most at once."),
        ConnectorProperty.withDefault(
            "connectTimeoutSeconds", NUMBER, "10", "How long to wait for another's connection."),
        ConnectorProperty.withDefault(
            "metadataCacheSeconds", NUMBER, "10", "How long columns of tables are remembered."));
  }

  @Override
  public SourceClient open(SourceSettings settings) {
    return new JdbcClient(settings, driverDirectory);
  }
}
