package dev.polder.lake;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A process that commits to two tables until it is killed, and prints each commit once it is
 * acknowledged: {@code one} row of the first table, or the same row of {@code both}.
 */
final class CrashChild {
  static final String ONE = "one";
  static final String BOTH = "both";
  private static final int APPENDERS = 3;

  private CrashChild() {}

  public static void main(String[] arguments) throws InterruptedException {
    TestLake lake = new TestLake(Path.of(arguments[0]));
    for (int i = 0; i < APPENDERS; i++) {
      Thread.ofPlatform().start(() -> appendForEver(lake));
    }
    Thread.ofPlatform().start(() -> changeBothForEver(lake));
    Thread.currentThread().join();
  }

  private static void appendForEver(TestLake lake) {
    while (true) {
      long id = ThreadLocalRandom.current().nextLong();
      lake.append(TestLake.T, TestLake.row(id, ONE));
      acknowledge(ONE, id);
    }
  }

  private static void changeBothForEver(TestLake lake) {
    while (true) {
      long id = ThreadLocalRandom.current().nextLong();
      lake.inTransaction(tx -> {
        for (var ref : List.of(TestLake.T, TestLake.U)) {
          LakeCollection table = lake.find(tx, ref);
          tx.append(
              table, List.of(lake.write(tx.tableState(table), List.of(), TestLake.row(id, BOTH))));
        }
      });
      acknowledge(BOTH, id);
    }
  }

  private static synchronized void acknowledge(String what, long id) {
    System.out.println(what + " " + id);
    System.out.flush();
  }
}
