package dev.polder.engine.internal.catalog;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Bounds how many scans are planned at once, for each principal and in all: each holds a page of
 * files. The others wait for a while. Thread-safe.
 */
final class ScanTurns {
  private static final int OF_ONE = 4;
  private static final int OF_ALL = 16;
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Semaphore all = new Semaphore(OF_ALL, true);
  private final LoadingCache<PrincipalId, Semaphore> each =
      Caffeine.newBuilder().weakValues().build(principal -> new Semaphore(OF_ONE, true));

  <T> T take(PrincipalId principal, Supplier<T> planning) {
    Semaphore own = each.get(principal);
    acquire(own);
    try {
      acquire(all);
      try {
        return planning.get();
      } finally {
        all.release();
      }
    } finally {
      own.release();
    }
  }

  private static void acquire(Semaphore turns) {
    try {
      if (!turns.tryAcquire(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        throw new PolderException(
            ErrorCode.SERVER_BUSY,
            "the scan waited "
                + LONGEST.toSeconds()
                + " s to be planned: too many are; try again later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the server is shutting down", e);
    }
  }
}
