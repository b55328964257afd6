package dev.polder.policy.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Slows down guessing. After a few wrong passwords the same name from the same address waits, each
 * time twice as long up to a minute; an address that fails under many names waits as well. Nobody
 * else is affected: the same name from another address, and other names, log in as ever.
 * Thread-safe.
 */
public final class LoginThrottle {
  static final int FREE_FAILURES_OF_NAME = 5;
  static final int FREE_FAILURES_OF_SOURCE = 100;
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);
  private static final int MAX_ENTRIES = 100_000;
  private static final int MOST_OF_NAME = 256;

  /** Names come from outside and are kept for a while: long ones only by their beginning. */
  private record Key(@Nullable String name, String source) {
    Key {
      name = name == null || name.length() <= MOST_OF_NAME ? name : name.substring(0, MOST_OF_NAME);
    }
  }

  private record Failures(int count, Instant last) {}

  private final Clock clock;
  private final Cache<Key, Failures> failures =
      Caffeine.newBuilder()
          .maximumSize(MAX_ENTRIES)
          .expireAfterWrite(Duration.ofMinutes(15))
          .build();

  public LoginThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Refuses when the name, or the whole address, has to wait. */
  public void admit(String name, String source) {
    check(new Key(name, source), FREE_FAILURES_OF_NAME);
    check(new Key(null, source), FREE_FAILURES_OF_SOURCE);
  }

  public void failed(String name, String source) {
    count(new Key(name, source));
    count(new Key(null, source));
  }

  /** Forgets the name's failures, not the address's: one known password buys no more guesses. */
  public void succeeded(String name, String source) {
    failures.invalidate(new Key(name, source));
  }

  private void count(Key key) {
    Instant now = clock.instant();
    failures
        .asMap()
        .compute(key, (k, known) -> new Failures(known == null ? 1 : known.count() + 1, now));
  }

  private void check(Key key, int free) {
    Failures known = failures.getIfPresent(key);
    if (known == null || known.count() < free) {
      return;
    }
    int doublings = Math.min(known.count() - free, 6);
    Duration wait = Duration.ofSeconds(1L << doublings);
    if (wait.compareTo(MAX_WAIT) > 0) {
      wait = MAX_WAIT;
    }
    Duration left = Duration.between(clock.instant(), known.last().plus(wait));
    if (left.isPositive()) {
      throw new PolderException(
          ErrorCode.TOO_MANY_FAILED_LOGINS,
          "too many failed logins from this address; try again in "
              + (left.toSeconds() + 1)
              + " s");
    }
  }
}
