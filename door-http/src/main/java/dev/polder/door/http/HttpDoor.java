package dev.polder.door.http;

import dev.polder.door.http.internal.HttpServer;
import java.net.URI;
import java.util.List;

/**
 * A listening HTTP server over the engine. Runs from {@link #start} until {@link #close}, which
 * closes the sessions it opened and cancels what they run. Thread-safe.
 */
public final class HttpDoor implements AutoCloseable {
  private final HttpServer server;

  private HttpDoor(HttpServer server) {
    this.server = server;
  }

  /** Binds the port and serves; throws {@code INVALID_CONFIGURATION} when that is impossible. */
  public static HttpDoor start(HttpOptions options, HttpServices services) {
    return new HttpDoor(HttpServer.start(options, services));
  }

  /** The port bound to, also when 0 was asked for. */
  public int port() {
    return server.port();
  }

  /** Where clients on this machine reach it. */
  public URI baseUri() {
    return server.baseUri();
  }

  /** Method and path of every route served, for the tests of the API's description. */
  List<String> routes() {
    return server.routes().stream().map(route -> route.method() + " " + route.path()).toList();
  }

  @Override
  public void close() {
    server.close();
  }
}
