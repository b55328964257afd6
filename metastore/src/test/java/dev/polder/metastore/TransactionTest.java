package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TransactionTest extends Contract {
  @Test
  void aWorkThatFailsInABatchHurtsNobodyElse() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> hold(started, go));
      started.await();
      List<Future<?>> rest = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        rest.add(threads.submit(() -> put(number)));
      }
      go.countDown();
      first.get();
      for (int i = 0; i < 20; i++) {
        Future<?> each = rest.get(i);
        if (i % 3 == 0) {
          assertThatThrownBy(each::get)
              .isInstanceOf(ExecutionException.class)
              .hasRootCauseMessage("fails on purpose");
        } else {
          each.get();
        }
      }
    }
    for (int i = 0; i < 20; i++) {
      String name = "k" + i;
      assertThat(metastore.read((MetastoreTransaction tx) -> tx.settings().find(name)).isPresent())
          .isEqualTo(i % 3 != 0);
    }
  }

  private Object hold(CountDownLatch started, CountDownLatch go) {
    return metastore.write(tx -> {
      started.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return tx.now();
    });
  }

  private Object put(int number) {
    return metastore.write(tx -> {
      tx.settings().put("k" + number, "v");
      if (number % 3 == 0) {
        throw new IllegalArgumentException("fails on purpose");
      }
      return tx.now();
    });
  }

  @Test
  void commitsFromManyThreadsAreGaplessAndNoUpdateIsLost() throws Exception {
    var table = table(main(), "t");
    commit(table);
    int threadCount = 8;
    int commits = 25;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threadCount; i++) {
        all.add(threads.submit(() -> increment(table.id(), commits)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    List<CommitInfo> log =
        metastore.read(tx -> tx.commits().log(DatabaseId.DEFAULT, Long.MAX_VALUE, 1000));
    assertThat(log).hasSize(1 + threadCount * commits);
    for (int i = 0; i < log.size(); i++) {
      assertThat(log.get(i).seq()).isEqualTo(log.size() - i);
    }
    assertThat(
            metastore
                .read((MetastoreTransaction tx) -> tx.collections().find(table.id()))
                .orElseThrow()
                .metadataLocation())
        .isEqualTo(table.metadataLocation() + "+".repeat(threadCount * commits));
  }

  private void increment(CollectionId id, int times) {
    for (int done = 0; done < times; ) {
      String before =
          metastore.read(tx -> tx.collections().find(id)).orElseThrow().metadataLocation();
      CommitRequest request =
          CommitRequest.builder(SPACE, "increment")
              .change(new CollectionChange.Update(id, before, before + "+"))
              .build();
      CommitOutcome outcome = metastore.write(tx -> tx.commits().commit(request));
      done += outcome instanceof CommitOutcome.Committed ? 1 : 0;
    }
  }

  @Test
  void aReadSeesOneSnapshotAndCannotWrite() {
    metastore.write(tx -> tx.settings().putIfAbsent("k", "old"));
    metastore.read(tx -> {
      assertThat(tx.settings().find("k")).contains("old");
      Thread writer =
          Thread.ofVirtual().start(() -> metastore.write(w -> w.settings().remove("k")));
      try {
        writer.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return assertThat(tx.settings().find("k")).contains("old");
    });
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.settings().find("k"))).isEmpty();
    assertThatThrownBy(() -> metastore.read(tx -> tx.settings().putIfAbsent("k", "v")))
        .isInstanceOf(PolderException.class);
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.settings().find("k"))).isEmpty();
  }

  @Test
  void aCallFromInsideAWorkIsRefused() {
    assertThatThrownBy(() -> metastore.write(tx -> metastore.read(inner -> inner.now())))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> metastore.read(tx -> metastore.write(inner -> inner.now())))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aClosedMetastoreSaysSo() {
    metastore.close();
    assertCode(ErrorCode.SHUTTING_DOWN, () -> metastore.write(tx -> tx.now()));
    assertCode(ErrorCode.SHUTTING_DOWN, () -> metastore.read(tx -> tx.now()));
    metastore = backend.open(place, clock);
  }
}
