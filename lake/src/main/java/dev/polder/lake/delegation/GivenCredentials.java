package dev.polder.lake.delegation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/**
 * Credentials that were given out and are given out again until half of the time that they had left
 * is over. Thread-safe.
 *
 * @param <K> what they were given for
 */
public final class GivenCredentials<K> {
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
}
