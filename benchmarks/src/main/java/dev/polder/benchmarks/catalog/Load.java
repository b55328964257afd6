package dev.polder.benchmarks.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * What some clients did in some time. Immutable.
 *
 * @param perSecond calls that succeeded, of all clients together
 * @param p50 milliseconds of a call that succeeded
 * @param failed calls that were given up because of others' commits or of the server's failure
 */
record Load(double perSecond, double p50, double p99, long done, long failed) {
  /** One call of one client. */
  @FunctionalInterface
  interface Call {
    void once() throws Exception;
  }

  /** What one client did. */
  private static final class Part {
    private long[] nanos = new long[1_000];
    private int count;
    private long failed;

    private void add(long length) {
      nanos = count == nanos.length ? Arrays.copyOf(nanos, 2 * count) : nanos;
      nanos[count++] = length;
    }

    private LongStream lengths() {
      return Arrays.stream(nanos, 0, count);
    }
  }

  /** Has every client call for a time, each on a thread of its own. */
  static Load during(double seconds, List<? extends Call> clients) throws Exception {
    return run(clients, (long) (seconds * 1e9), Integer.MAX_VALUE);
  }

  /** Has every client call so often. */
  static Load times(int calls, List<? extends Call> clients) throws Exception {
    return run(clients, Long.MAX_VALUE, calls);
  }

  private static Load run(List<? extends Call> clients, long length, int calls) throws Exception {
    long start = System.nanoTime();
    List<Part> parts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
      List<Future<Part>> running = new ArrayList<>();
      for (Call client : clients) {
        Callable<Part> loop = () -> loop(client, start, length, calls);
        running.add(threads.submit(loop));
      }
      for (Future<Part> part : running) {
        parts.add(part.get());
      }
    }
    double elapsed = (System.nanoTime() - start) / 1e9;
    long[] all = parts.stream().flatMapToLong(Part::lengths).toArray();
    Arrays.sort(all);
    long failed = parts.stream().mapToLong(part -> part.failed).sum();
    return new Load(all.length / elapsed, at(all, 50), at(all, 99), all.length, failed);
  }

  private static Part loop(Call client, long start, long length, int calls) throws Exception {
    Part part = new Part();
    long begun = System.nanoTime();
    do {
      boolean done = true;
      try {
        client.once();
      } catch (CommitFailedException refused) {
        done = false;
        part.failed++;
      }
      long now = System.nanoTime();
      if (done) {
        part.add(now - begun);
      }
      begun = now;
    } while (begun - start < length && part.count + part.failed < calls);
    return part;
  }

  private static double at(long[] sorted, int percent) {
    return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100] / 1e6;
  }
}
