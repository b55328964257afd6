package dev.polder.lake;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again, on a thread of its own, while other work may stand still. A
 * failure is logged, and the next beat comes all the same. Thread-safe.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("polder-statement-heartbeat").daemon().factory());

  public Heartbeat(Duration every, Runnable beat) {
    var _ =
        thread.scheduleWithFixedDelay(
            () -> safely(beat), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void safely(Runnable beat) {
    try {
      beat.run();
    } catch (RuntimeException e) {
      LOG.warn("the metastore does not take a heartbeat", e);
    }
  }

  /** Returns when the last beat has ended. */
  @Override
  public void close() {
    thread.close();
  }
}
