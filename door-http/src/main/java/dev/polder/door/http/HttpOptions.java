package dev.polder.door.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the door listens and what it admits. Immutable.
 *
 * @param port 0 for any free one
 * @param maxBodyBytes of a JSON body
 * @param maxUploadBytes of one staged file
 * @param maxConnections open at once; further ones wait in the listen queue
 * @param idleTimeout of a connection on which nothing moves: between requests, while a body is
 *     awaited, while a client does not read its result; a running statement is not idle
 * @param sessionIdle how long a session opened by {@code POST /api/session} outlives its last
 *     request
 * @param maxSessionsPerPrincipal open at once
 * @param tokenLifetime of the tokens that {@code POST /api/auth/login} issues
 */
public record HttpOptions(
    String host,
    int port,
    Optional<Tls> tls,
    long maxBodyBytes,
    long maxUploadBytes,
    int maxConnections,
    Duration idleTimeout,
    Duration sessionIdle,
    int maxSessionsPerPrincipal,
    Duration tokenLifetime) {

  /** PEM files: a certificate with its chain, and its unencrypted PKCS #8 key. */
  public record Tls(Path certificate, Path key) {}

  /** Plain HTTP on loopback, port 8181. */
  public static HttpOptions defaults() {
    return new HttpOptions(
        "127.0.0.1",
        8181,
        Optional.empty(),
        16L << 20,
        4L << 30,
        4096,
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        64,
        Duration.ofHours(8));
  }

  public HttpOptions listeningOn(String newHost, int newPort) {
    return new HttpOptions(
        newHost,
        newPort,
        tls,
        maxBodyBytes,
        maxUploadBytes,
        maxConnections,
        idleTimeout,
        sessionIdle,
        maxSessionsPerPrincipal,
        tokenLifetime);
  }
}
