package dev.polder.federation.postgres;

import static dev.polder.federation.ConnectorProperty.optional;
import static dev.polder.federation.ConnectorProperty.required;
import static dev.polder.federation.ConnectorProperty.withDefault;

import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.ConnectorProperty.Kind;
import dev.polder.federation.SourceSettings;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * How one PostgreSQL database is reached and read. Immutable; prints no password.
 *
 * @param connectTimeout in seconds
 * @param socketTimeout in seconds; 0: a query may stay silent for ever
 * @param metadataCache in seconds
 */
record PostgresSettings(
    String alias,
    boolean readOnly,
    String host,
    int port,
    String database,
    String user,
    Optional<Secret> password,
    String schema,
    String sslMode,
    Optional<String> sslRootCertificate,
    String applicationName,
    int maxConnections,
    int connectTimeout,
    int socketTimeout,
    int metadataCache,
    int parallelReads,
    NumericMode numeric) {
  private static final Set<String> SSL_MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  static final List<ConnectorProperty> PROPERTIES =
      List.of(
          required("host", Kind.TEXT, "The server's name or address."),
          withDefault("port", Kind.NUMBER, "5432", "The server's port."),
          required("database", Kind.TEXT, "The database to read."),
          required("user", Kind.TEXT, "The role to connect as."),
          optional("password", Kind.SECRET, "The role's password."),
          withDefault("schema", Kind.TEXT, "public", "The schema of names that give none."),
          withDefault(
              "sslmode",
              Kind.TEXT,
              "prefer",
              "Whether TLS is used and what of the server is verified: disable, allow, prefer,"
                  + " require, verify-ca or verify-full."),
          optional(
              "sslrootcert",
              Kind.LOCAL_PATH,
              "A file with the certificates that the server's is verified with."),
          withDefault(
              "applicationName", Kind.TEXT, "polder", "What the server shows the sessions as."),
          withDefault(
              "maxConnections",
              Kind.NUMBER,
              "8",
              "How many connections are open at most, 1 to 100."),
          withDefault("connectTimeoutSeconds", Kind.NUMBER, "10", "How long connecting may take."),
          withDefault(
              "socketTimeoutSeconds",
              Kind.NUMBER,
              "0",
              "How long the server may say nothing before a query fails; 0: any time."),
          withDefault(
              "metadataCacheSeconds",
              Kind.NUMBER,
              "10",
              "How long what is known of tables is taken for true."),
          withDefault(
              "parallelReads",
              Kind.NUMBER,
              "2",
              "How many connections read one large table, 1 to 16."),
          withDefault(
              "numeric",
              Kind.TEXT,
              "double",
              "How numbers without a bound are read: double, text, or decimal(p,s), where those"
                  + " that do not fit exactly fail."));

  static PostgresSettings of(SourceSettings source) {
    return new PostgresSettings(
        source.alias(),
        source.readOnly(),
        source.required("host").strip(),
        within(source, "port", 5432, 1, 65_535),
        source.required("database"),
        source.required("user"),
        source.text("password").map(Secret::of),
        source.text("schema").orElse("public"),
        sslMode(source),
        source.text("sslrootcert"),
        source.text("applicationName").orElse("polder"),
        within(source, "maxConnections", 8, 1, 100),
        within(source, "connectTimeoutSeconds", 10, 1, 600),
        within(source, "socketTimeoutSeconds", 0, 0, 86_400),
        within(source, "metadataCacheSeconds", 10, 0, 86_400),
        within(source, "parallelReads", 2, 1, 16),
        numeric(source));
  }

  private static int within(
      SourceSettings source, String name, int defaultValue, int least, int most) {
    int value = source.number(name, defaultValue);
    if (value < least || value > most) {
      throw invalid(source, name, "must lie between " + least + " and " + most);
    }
    return value;
  }

  private static String sslMode(SourceSettings source) {
    String mode = source.text("sslmode").orElse("prefer").strip();
    if (!SSL_MODES.contains(mode)) {
      throw invalid(
          source,
          "sslmode",
          "must be one of disable, allow, prefer, require, verify-ca, verify-full");
    }
    return mode;
  }

  private static NumericMode numeric(SourceSettings source) {
    return NumericMode.of(source.text("numeric").orElse("double"))
        .orElseThrow(() ->
            invalid(source, "numeric", "must be double, text or decimal(p,s) with p up to 38"));
  }

  private static PolderException invalid(SourceSettings source, String name, String problem) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "property " + name + " of source '" + source.alias() + "' " + problem);
  }

  /** Where the driver connects. */
  String url() {
    return "jdbc:postgresql://"
        + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host)
        + ":"
        + port
        + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  /** What the driver is told. */
  Properties driverProperties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    password.ifPresent(secret -> properties.setProperty("password", secret.reveal()));
    properties.setProperty("sslmode", sslMode);
    sslRootCertificate.ifPresent(file -> properties.setProperty("sslrootcert", file));
    properties.setProperty("ApplicationName", applicationName);
    properties.setProperty("connectTimeout", String.valueOf(connectTimeout));
    properties.setProperty("loginTimeout", String.valueOf(connectTimeout));
    properties.setProperty("socketTimeout", String.valueOf(socketTimeout));
    properties.setProperty("tcpKeepAlive", "true");
    // Nothing of Kerberos that lies about on this machine decides who connects.
    properties.setProperty("gssEncMode", "disable");
    return properties;
  }
}
