package dev.polder.http.internal;

import dev.polder.http.ListenerOptions;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;

/** Makes the listening socket with its limits. */
public final class Connectors {
  private static final int HEADER_BYTES = 16 * 1024;
  private static final Duration LONGEST_STALL = Duration.ofSeconds(30);

  private Connectors() {}

  public static Connector create(ListenerOptions options, Server server, HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    // The Iceberg specification joins the levels of a namespace by %1F, and names may have slashes
    // and percent signs: routes are found before a parameter is decoded, once, and is no path.
    http.setUriCompliance(
        UriCompliance.RFC3986.with(
            "polder",
            UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS,
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    ServerConnector connector =
        options
            .tls()
            .map(tls ->
                new ServerConnector(
                    server,
                    new SslConnectionFactory(PemFiles.context(tls), plain.getProtocol()),
                    plain))
            .orElseGet(() -> new ServerConnector(server, plain));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(options.idleTimeout().toMillis());
    connector.setShutdownIdleTimeout(LONGEST_STALL.toMillis());
    server.addBean(new NetworkConnectionLimit(options.maxConnections(), connector));
    return connector;
  }
}
