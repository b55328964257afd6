package dev.polder.maintenance;

import dev.polder.lake.LakeMeters;
import dev.polder.lake.Pace;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.DatabaseId;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps background work on a database within its share of a processor: after each step it rests for
 * as long as the share demands. Thread-safe; closing it ends all rests.
 */
final class DutyCycle implements Pace, AutoCloseable {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final Metastore metastore;
  private final LakeMeters meters;
  private final CountDownLatch ended = new CountDownLatch(1);

  DutyCycle(Metastore metastore, LakeMeters meters) {
    this.metastore = metastore;
    this.meters = meters;
  }

  @Override
  public void work(DatabaseId database, Runnable step) {
    Shift shift = new Shift(database);
    try {
      step.run();
    } finally {
      shift.rest();
    }
  }

  /** Work that goes on for longer on this thread. */
  Shift begin(DatabaseId database) {
    return new Shift(database);
  }

  /** One thread's work on one database. */
  final class Shift {
    private final DatabaseId database;
    private long wall = System.nanoTime();
    private long cpu = CLOCK.getCurrentThreadCpuTime();

    private Shift(DatabaseId database) {
      this.database = database;
    }

    /** Counts what was done since the last rest, and rests for that. */
    void rest() {
      long worked = count();
      long percent =
          metastore.read(tx -> tx.quotas().of(database).get(QuotaField.MAINTENANCE_CPU_PCT));
      try {
        var _ = ended.await(worked * (100 - percent) / percent, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      wall = System.nanoTime();
      cpu = CLOCK.getCurrentThreadCpuTime();
    }

    /** Counts what was done since the last rest. */
    long count() {
      long worked = System.nanoTime() - wall;
      meters.worked(database, CLOCK.getCurrentThreadCpuTime() - cpu);
      wall = System.nanoTime();
      cpu = CLOCK.getCurrentThreadCpuTime();
      return worked;
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
