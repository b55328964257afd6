package dev.polder.metastore.internal;

import dev.polder.metastore.Metastore.Work;
import dev.polder.model.IdSource;
import java.time.Clock;
import java.time.Instant;

/** Runs units of work, each as a transaction that the caller began. Thread-safe. */
public final class Runner {
  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

  private final Clock clock;
  private final IdSource ids;

  public Runner(Clock clock, IdSource ids) {
    this.clock = clock;
    this.ids = ids;
  }

  <T> T run(Sql sql, Work<T> work) {
    return run(sql, work, () -> {});
  }

  /**
   * Runs a unit of work.
   *
   * @param changed runs if it changed something that others may wait for
   */
  <T> T run(Sql sql, Work<T> work, Runnable changed) {
    INSIDE.set(true);
    try {
      Transaction tx = new Transaction(sql, now(), ids);
      T result = work.run(tx);
      tx.finish();
      if (tx.hasChanged()) {
        changed.run();
      }
      return result;
    } finally {
      INSIDE.set(false);
    }
  }

  /** A unit of work that asks for another one could wait for itself for ever. */
  static void refuseNesting() {
    if (INSIDE.get()) {
      throw new IllegalStateException("the metastore was called from inside a unit of work");
    }
  }

  long now() {
    Instant instant = clock.instant();
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }
}
