package dev.polder.door.flight;

import dev.polder.door.flight.internal.DoorServer;
import dev.polder.engine.SessionService;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;

/**
 * The listening Arrow Flight SQL server. Owns its port, its clients' sessions and its memory until
 * closed. Thread-safe.
 */
public final class FlightDoor implements AutoCloseable {
  private final DoorServer server;
  private final FlightOptions options;

  private FlightDoor(DoorServer server, FlightOptions options) {
    this.server = server;
    this.options = options;
  }

  /**
   * Listens from the moment this returns.
   *
   * @throws dev.polder.model.PolderException INVALID_CONFIGURATION when it cannot listen as asked
   */
  public static FlightDoor start(
      FlightOptions options, SessionService engine, Login login, MeterRegistry meters) {
    DoorServer server = new DoorServer(options, engine, login, meters);
    server.start();
    return new FlightDoor(server, options);
  }

  public int port() {
    return server.port();
  }

  /** Where clients connect: {@code grpc+tcp://…}, or {@code grpc+tls://…}. */
  public URI location() {
    String scheme = options.tls() instanceof FlightTls.Plaintext ? "grpc+tcp" : "grpc+tls";
    String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    return URI.create(scheme + "://" + host + ":" + port());
  }

  /** Lets running calls end for the configured grace, then cancels them. */
  @Override
  public void close() {
    server.close();
  }
}
