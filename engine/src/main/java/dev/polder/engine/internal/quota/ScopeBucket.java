package dev.polder.engine.internal.quota;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The statements that may still come under one limit. Thread-safe.
 *
 * @param round as of which look at the other servers
 */
record ScopeBucket(Bucket bucket, long limit, double share, long round) {
  /** Long enough for a share of less than one statement a second. */
  private static final long PERIOD_SECONDS = 100;

  /**
   * A bucket for a server's share of a limit; it goes on from where the old one was.
   *
   * @param share statements a second
   */
  static ScopeBucket of(@Nullable ScopeBucket old, long limit, double share, long round) {
    if (old == null) {
      return new ScopeBucket(
          Bucket.builder().addLimit(bandwidth(share)).build(), limit, share, round);
    }
    if (old.share != share) {
      old.bucket.replaceConfiguration(
          BucketConfiguration.builder().addLimit(bandwidth(share)).build(),
          TokensInheritanceStrategy.PROPORTIONALLY);
    }
    return new ScopeBucket(old.bucket, limit, share, round);
  }

  private static Bandwidth bandwidth(double share) {
    return Bandwidth.builder()
        .capacity(Math.max(1, Math.round(share)))
        .refillGreedy(
            Math.max(1, Math.round(share * PERIOD_SECONDS)), Duration.ofSeconds(PERIOD_SECONDS))
        .build();
  }

  boolean isFor(long other, long otherRound) {
    return limit == other && round == otherRound;
  }

  boolean take() {
    return limit > 0 && bucket.tryConsume(1);
  }

  void giveBack() {
    bucket.addTokens(1);
  }
}
