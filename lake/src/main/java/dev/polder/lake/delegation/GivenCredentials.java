package dev.polder.lake.delegation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials that were given out and are given out again until half of the time that they had left
 * is over. Thread-safe.
 *
 * @param <K> what they were given for
 */
public final class GivenCredentials<K> {
  private static final Logger LOG = LoggerFactory.getLogger(GivenCredentials.class);
  private static final int MAX_KEPT = 10_000;

  private final Cache<K, TemporaryCredentials> given;

  public GivenCredentials(Clock clock) {
    this.given =
        Caffeine.newBuilder()
            .maximumSize(MAX_KEPT)
            .expireAfter(
                Expiry.<K, TemporaryCredentials>writing((key, kept) ->
                    Duration.between(clock.instant(), kept.expiresAt()).dividedBy(2)))
            .build();
  }

  /** Those that are kept, or new ones. */
  public TemporaryCredentials get(K key, Function<K, TemporaryCredentials> fresh) {
    return given.get(key, fresh);
  }

  /**
   * What a client is told when the store gives none; the log says why.
   *
   * @param instead what else the client can do
   */
  public static PolderException notGiven(String session, String instead, Exception cause) {
    LOG.warn("no temporary credentials for {}", session, cause);
    return new PolderException(
        ErrorCode.STORAGE_ERROR,
        "the store gave no temporary credentials; the server's log says why. Ask again, or "
            + instead,
        cause);
  }
}
