package dev.polder.maintenance;

import dev.polder.lake.Pace;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.DatabaseId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps background work on a database within its share of a processor: after each step it rests for
 * as long as the share demands. Thread-safe; closing it ends all rests.
 */
final class DutyCycle implements Pace, AutoCloseable {
  private final Metastore metastore;
  private final CountDownLatch ended = new CountDownLatch(1);

  DutyCycle(Metastore metastore) {
    this.metastore = metastore;
  }

  @Override
  public void work(DatabaseId database, Runnable step) {
    Shift shift = begin(database);
    step.run();
    shift.rest();
  }

  /** Work that goes on for longer. */
  Shift begin(DatabaseId database) {
    return new Shift(database);
  }

  /** One thread's work on one database. */
  final class Shift {
    private final DatabaseId database;
    private long began = System.nanoTime();

    private Shift(DatabaseId database) {
      this.database = database;
    }

    /** Rests for what was done since the last rest. */
    void rest() {
      long worked = System.nanoTime() - began;
      long percent =
          metastore.read(tx -> tx.quotas().of(database).get(QuotaField.MAINTENANCE_CPU_PCT));
      try {
        var _ = ended.await(worked * (100 - percent) / percent, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      began = System.nanoTime();
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
