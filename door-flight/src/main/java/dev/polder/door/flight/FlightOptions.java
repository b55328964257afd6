package dev.polder.door.flight;

import java.time.Duration;

/**
 * How the door listens and what it allows each client. Immutable.
 *
 * @param port 0 for any free one
 * @param tokenLifetime of the bearer tokens given for a password
 * @param limits what one principal or session may hold
 * @param shutdownGrace how long running calls may go on after the stop
 */
public record FlightOptions(
    String host,
    int port,
    FlightTls tls,
    Duration tokenLifetime,
    FlightLimits limits,
    Duration shutdownGrace) {
  public static FlightOptions of(String host, int port, FlightTls tls) {
    return new FlightOptions(
        host, port, tls, Duration.ofHours(12), FlightLimits.defaults(), Duration.ofSeconds(10));
  }

  public FlightOptions withLimits(FlightLimits changed) {
    return new FlightOptions(host, port, tls, tokenLifetime, changed, shutdownGrace);
  }
}
