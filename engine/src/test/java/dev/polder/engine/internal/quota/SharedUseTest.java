package dev.polder.engine.internal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.DatabaseId;
import dev.polder.model.IdSource;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SharedUseTest {
  private static final SpaceKey SPACE = new SpaceKey(DatabaseId.DEFAULT, TenantId.DEFAULT);

  @Test
  void whatIsToldIsAsOfTheTransactionThatTellsIt(@TempDir Path directory) throws Exception {
    Clock clock = Clock.systemUTC();
    try (Metastore metastore =
        SqliteMetastore.open(
            directory.resolve("metastore.db"), clock, IdSource.timeOrdered(clock))) {
      AtomicLong sessions = new AtomicLong(1);
      SharedUse shared =
          new SharedUse(
              metastore, "one", () -> List.of(new ServerUse("one", SPACE, sessions.get(), 0, 0)));
      shared.round();
      sessions.set(2);
      CountDownLatch writing = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Thread writer =
          Thread.ofPlatform()
              .start(() ->
                  metastore.write(tx -> {
                    writing.countDown();
                    awaited(go);
                    return tx;
                  }));
      awaited(writing);
      Thread round = Thread.ofPlatform().start(shared::round);
      Awaitility.await()
          .until(() ->
              round.getState() == Thread.State.WAITING
                  || round.getState() == Thread.State.TIMED_WAITING);
      sessions.set(3);
      go.countDown();
      writer.join();
      round.join();
      assertThat(metastore.<List<ServerUse>>read(tx -> tx.serverUse().others("two")))
          .extracting(ServerUse::connections)
          .containsExactly(3L);
    }
  }

  @Test
  void anInstanceThatDoesNotAnswerKeepsNobodyWaiting() {
    CountDownLatch stuck = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    MemoryUse memory =
        new MemoryUse(() -> {
          if (asked.incrementAndGet() == 2) {
            awaited(stuck);
          }
          return Map.of(SPACE, (long) asked.get());
        });
    assertThat(memory.now()).containsEntry(SPACE, 1L);
    assertThat(memory.now()).containsEntry(SPACE, 1L);
    assertThat(memory.now()).containsEntry(SPACE, 1L);
    assertThat(asked).hasValue(2);
    stuck.countDown();
    Awaitility.await().until(() -> memory.last().get(SPACE) == 2L);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
