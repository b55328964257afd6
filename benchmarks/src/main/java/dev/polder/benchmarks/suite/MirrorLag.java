package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Goal;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.side.FlightConnection;
import dev.polder.server.client.PolderClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long after a commit a mirror of the same server shows it, at 20 commits a second: from the
 * end of the INSERT to the end of the first query that sees the row. Stateless.
 */
final class MirrorLag {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int WARM_UP = 20;

  private MirrorLag() {}

  static List<Figure> measure(Lab lab, PolderClient admin) throws Exception {
    lab.progress().step("following at 20 commits/s");
    int commits = WARM_UP + 100 * lab.plan().runs();
    admin.execute("CREATE DATABASE followed FOR TENANT " + Lab.TENANT);
    try (FlightConnection source = lab.flight("followed")) {
      source.update("CREATE TABLE ticks (id BIGINT)");
      source.update("INSERT INTO ticks VALUES (0)");
      admin.execute("MIRROR DATABASE follower FROM followed");
      long[] committed = new long[commits + 1];
      CompletableFuture<long[]> seen = CompletableFuture.supplyAsync(() -> seen(lab, commits));
      long next = System.nanoTime();
      for (int i = 1; i <= commits; i++) {
        next += PAUSE_NANOS;
        LockSupport.parkNanos(next - System.nanoTime());
        source.update("INSERT INTO ticks VALUES (" + i + ")");
        committed[i] = System.nanoTime();
        lab.progress().at(i, commits);
      }
      long[] at = seen.get();
      List<Double> lags = new ArrayList<>();
      for (int i = WARM_UP + 1; i <= commits; i++) {
        lags.add(Math.max(0, at[i] - committed[i]) / 1e6);
      }
      List<Double> sorted = lags.stream().sorted().toList();
      double worst = sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
      return List.of(
          Figure.alone("mirror lag at 20 commits/s", "ms", new Samples(lags)),
          Figure.alone("mirror lag at 20 commits/s, p99", "ms", new Samples(List.of(worst)))
              .withGoal(Goal.atMost(250, worst, " ms")));
    }
  }

  private static long[] seen(Lab lab, int commits) {
    long[] at = new long[commits + 1];
    try (FlightConnection mirror = lab.flight("follower")) {
      int newest = 0;
      while (newest < commits) {
        int found =
            Integer.parseInt(mirror.texts("SELECT max(id) FROM ticks").getFirst().getFirst());
        long now = System.nanoTime();
        while (newest < found) {
          newest++;
          at[newest] = now;
        }
      }
      return at;
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }
}
