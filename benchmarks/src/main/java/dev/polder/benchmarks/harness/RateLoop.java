package dev.polder.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lets clients repeat one call for a time and counts. Stateless. */
public final class RateLoop {
  private RateLoop() {}

  /** One call of one client, which nobody else uses. */
  @FunctionalInterface
  public interface Call {
    void once() throws Exception;
  }

  /** Calls a second, of all clients together, each on a thread of its own. */
  public static double perSecond(List<? extends Call> clients, double seconds) throws Exception {
    long length = (long) (seconds * 1e9);
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
      List<Future<Long>> counts = new ArrayList<>();
      for (Call client : clients) {
        Callable<Long> loop =
            () -> {
              long count = 0;
              do {
                client.once();
                count++;
              } while (System.nanoTime() - start < length);
              return count;
            };
        counts.add(threads.submit(loop));
      }
      long total = 0;
      for (Future<Long> count : counts) {
        total += count.get();
      }
      return total / ((System.nanoTime() - start) / 1e9);
    }
  }
}
