package dev.polder.server;

import java.net.URI;

/**
 * Where a running server listens, with the ports that it really got. Immutable.
 *
 * @param http {@code http://127.0.0.1:8181}, or https
 * @param flight {@code grpc://127.0.0.1:31337}, or grpc+tls
 */
public record Endpoints(URI http, URI flight) {

  /** The address for the Arrow Flight SQL JDBC driver. */
  public String flightJdbcUrl() {
    boolean tls = flight.getScheme().endsWith("tls");
    return "jdbc:arrow-flight-sql://"
        + flight.getHost()
        + ":"
        + flight.getPort()
        + (tls
            ? "/?useEncryption=true&disableCertificateVerification=true"
            : "/?useEncryption=false");
  }
}
