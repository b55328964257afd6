package dev.polder.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the listener listens and what it admits. Immutable.
 *
 * @param port 0 for any free one
 * @param maxBodyBytes of a JSON body
 * @param maxConnections open at once; further ones wait in the listen queue
 * @param idleTimeout of a connection on which nothing moves: between requests, while a body is
 *     awaited, while a client does not read its result; a running statement is not idle
 */
public record ListenerOptions(
    String host,
    int port,
    Optional<Tls> tls,
    long maxBodyBytes,
    int maxConnections,
    Duration idleTimeout) {

  /** PEM files: a certificate with its chain, and its unencrypted PKCS #8 key. */
  public record Tls(Path certificate, Path key) {}

  /** Plain HTTP on loopback, port 8181. */
  public static ListenerOptions defaults() {
    return new ListenerOptions(
        "127.0.0.1", 8181, Optional.empty(), 16L << 20, 4096, Duration.ofSeconds(30));
  }

  public ListenerOptions listeningOn(String newHost, int newPort) {
    return new ListenerOptions(newHost, newPort, tls, maxBodyBytes, maxConnections, idleTimeout);
  }

  public ListenerOptions with(Optional<Tls> newTls) {
    return new ListenerOptions(host, port, newTls, maxBodyBytes, maxConnections, idleTimeout);
  }

  public ListenerOptions with(Duration newIdleTimeout) {
    return new ListenerOptions(host, port, tls, maxBodyBytes, maxConnections, newIdleTimeout);
  }
}
