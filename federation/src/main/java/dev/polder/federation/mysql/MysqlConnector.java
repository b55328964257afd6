package dev.polder.federation.mysql;

import static dev.polder.federation.ConnectorProperty.Kind.BOOLEAN;
import static dev.polder.federation.ConnectorProperty.Kind.LOCAL_PATH;
import static dev.polder.federation.ConnectorProperty.Kind.NUMBER;
import static dev.polder.federation.ConnectorProperty.Kind.SECRET;
import static dev.polder.federation.ConnectorProperty.Kind.TEXT;

import dev.polder.federation.Connector;
import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import java.util.List;

/** Servers of MySQL and MariaDB. Stateless and thread-safe. */
public final class MysqlConnector implements Connector {
  @Override
  public String name() {
    return "mysql";
  }

  @Override
  public List<ConnectorProperty> properties() {
    return List.of(
        ConnectorProperty.required("host", TEXT, "The server's name or address."),
        ConnectorProperty.withDefault("port", NUMBER, "3306", "The server's port."),
        ConnectorProperty.required(
            "database", TEXT, "The database of names that give none; it is a schema here."),
        ConnectorProperty.required("user", TEXT, "Who connects."),
        ConnectorProperty.optional("password", SECRET, "The user's password."),
        ConnectorProperty.withDefault(
            "sslMode", TEXT, "disable", "disable, trust, verify-ca or verify-full."),
        ConnectorProperty.optional(
            "sslRootCertificate", LOCAL_PATH, "The certificate that the server's is checked with."),
        ConnectorProperty.withDefault(
            "allowPublicKeyRetrieval",
            BOOLEAN,
            "false",
            "Without TLS: send the password under a key that the server gives."),
        ConnectorProperty.withDefault(
            "maxConnections", NUMBER, "8", "Connections at most at once."),
        ConnectorProperty.withDefault(
            "connectTimeoutSeconds", NUMBER, "10", "How long to wait for a connection."),
        ConnectorProperty.withDefault(
            "socketTimeoutSeconds", NUMBER, "0", "How long to wait for bytes; 0 is without end."),
        ConnectorProperty.withDefault(
            "numeric",
            TEXT,
            "double",
            "What decimals of more than 38 digits become: double, text or decimal(p,s)."),
        ConnectorProperty.withDefault(
            "zeroDates", TEXT, "null", "null: days such as 0000-00-00 are NULL; error: they fail."),
        ConnectorProperty.withDefault(
            "times", TEXT, "time", "time: TIME beyond a day fails; text: TIME is VARCHAR."),
        ConnectorProperty.withDefault(
            "metadataCacheSeconds", NUMBER, "10", "How long columns of tables are remembered."));
  }

  @Override
  public SourceClient open(SourceSettings settings) {
    return new MysqlClient(settings);
  }
}
