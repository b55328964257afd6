package dev.polder.maintenance;

import dev.polder.lake.Pace;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.DatabaseId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps background work on a database within its share of a processor: after each step comes a rest
 * as long as the share demands, in which other databases have theirs. Thread-safe; closing it ends
 * all rests.
 */
final class DutyCycle implements Pace, AutoCloseable {
  private final Metastore metastore;
  private final Map<DatabaseId, Long> resting = new ConcurrentHashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  DutyCycle(Metastore metastore) {
    this.metastore = metastore;
  }

  @Override
  public void work(DatabaseId database, Runnable step) {
    Long until = resting.get(database);
    if (until != null && until - System.nanoTime() > 0) {
      return;
    }
    long began = System.nanoTime();
    step.run();
    long ended = System.nanoTime();
    resting.put(database, ended + restAfter(database, ended - began));
  }

  /** For how long work of a length must be followed by none, in nanoseconds. */
  private long restAfter(DatabaseId database, long worked) {
    long percent =
        metastore.read(tx -> tx.quotas().of(database).get(QuotaField.MAINTENANCE_CPU_PCT));
    return worked * (100 - percent) / percent;
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
      try {
        var _ = ended.await(restAfter(database, worked), TimeUnit.NANOSECONDS);
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
