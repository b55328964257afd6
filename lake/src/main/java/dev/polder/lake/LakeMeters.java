package dev.polder.lake;

import dev.polder.model.DatabaseId;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * How long each database's commits took, and what background work for it cost, in this process.
 * Thread-safe.
 */
public final class LakeMeters {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double NANOS = 1e9;

  private final Map<DatabaseId, Latencies> commits = new ConcurrentHashMap<>();
  private final Map<DatabaseId, LongAdder> work = new ConcurrentHashMap<>();

  /** The last thousand times. Guarded by itself. */
  private static final class Latencies {
    private final long[] nanos = new long[1_000];
    private long count;

    synchronized void add(long time) {
      nanos[(int) (count % nanos.length)] = time;
      count++;
    }

    synchronized double p99() {
      int known = (int) Math.min(count, nanos.length);
      long[] sorted = Arrays.copyOf(nanos, known);
      Arrays.sort(sorted);
      return sorted[(int) Math.ceil(known * 0.99) - 1] / NANOS;
    }
  }

  /** Says that a commit became durable. */
  public void committed(DatabaseId database, long nanos) {
    commits.computeIfAbsent(database, ignored -> new Latencies()).add(nanos);
  }

  /** Seconds within which 99 of 100 of the last commits were done; empty before the first. */
  public OptionalDouble commitP99(DatabaseId database) {
    Latencies known = commits.get(database);
    return known == null ? OptionalDouble.empty() : OptionalDouble.of(known.p99());
  }

  /**
   * Does background work for a database. What a virtual thread does belongs to somebody's statement
   * and is not counted.
   */
  public <T> T work(DatabaseId database, Supplier<T> task) {
    if (Thread.currentThread().isVirtual()) {
      return task.get();
    }
    long before = THREADS.getCurrentThreadCpuTime();
    try {
      return task.get();
    } finally {
      work.computeIfAbsent(database, ignored -> new LongAdder())
          .add(Math.max(0, THREADS.getCurrentThreadCpuTime() - before));
    }
  }

  /** Seconds of processor time that background work for the database took. */
  public double workSeconds(DatabaseId database) {
    LongAdder known = work.get(database);
    return known == null ? 0 : known.sum() / NANOS;
  }

  /** Forgets all other databases. */
  public void retain(Collection<DatabaseId> databases) {
    commits.keySet().retainAll(databases);
    work.keySet().retainAll(databases);
  }
}
