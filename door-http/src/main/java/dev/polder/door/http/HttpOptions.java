package dev.polder.door.http;

import java.time.Duration;

/**
 * What the door admits. Immutable.
 *
 * @param maxUploadBytes of one staged file
 * @param sessionIdle how long a session opened by {@code POST /api/session} outlives its last
 *     request
 * @param maxSessionsPerPrincipal open at once
 * @param tokenLifetime of the tokens that {@code POST /api/auth/login} issues
 */
public record HttpOptions(
    long maxUploadBytes,
    Duration sessionIdle,
    int maxSessionsPerPrincipal,
    Duration tokenLifetime) {

  public static HttpOptions defaults() {
    return new HttpOptions(4L << 30, Duration.ofMinutes(10), 64, Duration.ofHours(8));
  }
}
