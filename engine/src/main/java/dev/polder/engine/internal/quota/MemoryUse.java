package dev.polder.engine.internal.quota;

import dev.polder.model.SpaceKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes of memory that the instances of this server hold. They are asked in the background, by one
 * thread at a time, so that one that does not answer keeps nobody waiting for long; until all have
 * answered, what they said before holds. Thread-safe.
 */
final class MemoryUse {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryUse.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Supplier<Map<SpaceKey, Long>> instances;
  private final AtomicReference<@Nullable CountDownLatch> asking = new AtomicReference<>();
  private volatile Map<SpaceKey, Long> last = Map.of();

  MemoryUse(Supplier<Map<SpaceKey, Long>> instances) {
    this.instances = instances;
  }

  /** What they said last. */
  Map<SpaceKey, Long> last() {
    return last;
  }

  /** What they say now, or said last when they take too long. */
  Map<SpaceKey, Long> now() {
    try {
      var _ = ask().await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return last;
  }

  /** Begins to ask, unless somebody does already. */
  CountDownLatch ask() {
    CountDownLatch mine = new CountDownLatch(1);
    CountDownLatch other = asking.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    Thread.startVirtualThread(() -> {
      try {
        last = Map.copyOf(instances.get());
      } catch (RuntimeException e) {
        LOG.debug("the instances did not say what memory they hold", e);
      } finally {
        asking.set(null);
        mine.countDown();
      }
    });
    return mine;
  }
}
