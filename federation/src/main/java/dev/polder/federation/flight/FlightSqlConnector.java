package dev.polder.federation.flight;

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

/** Servers of Arrow Flight SQL, which are read. Stateless and thread-safe. */
public final class FlightSqlConnector implements Connector {
  @Override
  public String name() {
    return "flight-sql";
  }

  @Override
  public List<ConnectorProperty> properties() {
    return List.of(
        ConnectorProperty.required("host", TEXT, "The server's name or address."),
        ConnectorProperty.withDefault("port", NUMBER, "31338", "The server's port."),
        ConnectorProperty.optional("user", TEXT, "Who connects."),
        ConnectorProperty.optional("password", SECRET, "The user's password."),
        ConnectorProperty.optional("token", SECRET, "A bearer token, instead of a user."),
        ConnectorProperty.optional(
            "headers", TEXT, "Sent with each call: name=value, several with semicolons between."),
        ConnectorProperty.withDefault("tls", BOOLEAN, "true", "Connect with TLS."),
        ConnectorProperty.optional(
            "tlsRootCertificate", LOCAL_PATH, "The certificate that the server's is checked with."),
        ConnectorProperty.withDefault("tlsSkipVerify", BOOLEAN, "false", "Trust any certificate."),
        ConnectorProperty.optional("catalog", TEXT, "The catalog whose schemas are read."),
        ConnectorProperty.withDefault(
            "schema", TEXT, "main", "The schema of names that give none."),
        ConnectorProperty.withDefault(
            "dialect",
            TEXT,
            "auto",
            "duckdb: the server speaks DuckDB's SQL; none: only columns are asked; auto: by its"
                + " name."),
        ConnectorProperty.withDefault(
            "timeoutSeconds", NUMBER, "30", "How long to wait for the beginning of an answer."),
        ConnectorProperty.withDefault(
            "metadataCacheSeconds", NUMBER, "10", "How long columns of tables are remembered."));
  }

  @Override
  public SourceClient open(SourceSettings settings) {
    return new FlightSource(settings);
  }
}
