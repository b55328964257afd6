package dev.polder.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeOptions;
import dev.polder.lake.collect.CollectOptions;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.job.JobState;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.IdSource;
import dev.polder.model.JobId;
import dev.polder.model.PrincipalId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Purges that are cancelled by another thread while a worker is in the middle of them. */
final class CancelledPurgeTest {
  private static final SpaceKey SPACE = new SpaceKey(DatabaseId.DEFAULT, TenantId.DEFAULT);
  private static final JobId JOB = new JobId("purge");
  private static final CollectionId TABLE = new CollectionId(UUID.randomUUID().toString());

  private SqliteMetastore metastore;
  private Lake lake;
  private Path file;

  /** The metastore of the worker, which stands still before a write until the test lets it go. */
  private static final class Held implements Metastore {
    private final Metastore real;
    private final boolean afterwards;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);

    Held(Metastore real, boolean afterwards) {
      this.real = real;
      this.afterwards = afterwards;
    }

    @Override
    public <T> T write(Work<T> work) {
      if (!afterwards) {
        hold();
      }
      T result = real.write(work);
      if (afterwards) {
        hold();
      }
      return result;
    }

    private void hold() {
      reached.countDown();
      try {
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public <T> T read(Work<T> work) {
      return real.read(work);
    }

    @Override
    public void onChange(Runnable listener) {
      real.onChange(listener);
    }

    @Override
    public boolean isShared() {
      return real.isShared();
    }

    @Override
    public void close() {
      // The test closes what it holds.
    }
  }

  @BeforeEach
  void drop(@TempDir Path directory) throws IOException {
    Clock clock = Clock.systemUTC();
    IdSource ids = IdSource.timeOrdered(clock);
    metastore = SqliteMetastore.open(directory.resolve("metastore.db"), clock, ids);
    Path location = directory.resolve("warehouse/default/1/t");
    file = Files.createDirectories(location.resolve("data")).resolve("f");
    Files.writeString(file, "rows");
    lake =
        new Lake(
            metastore, Warehouse.local(directory.resolve("warehouse")), ids, LakeOptions.DEFAULT);
    metastore.write(tx ->
        tx.commits()
            .commit(
                CommitRequest.builder(SPACE, "make")
                    .change(
                        new CollectionChange.Create(
                            TABLE,
                            tx.schemas().get(SPACE, SchemaName.MAIN).id(),
                            CollectionKind.TABLE,
                            "t",
                            TABLE.value(),
                            location.toString(),
                            location + "/metadata/0.json",
                            Optional.empty()))
                    .file(FileChange.added(TABLE, file.toString(), 4))
                    .build()));
    metastore.write(tx -> {
      LakeCollection table = LakeCollection.of(tx.collections().find(TABLE).orElseThrow());
      var _ =
          tx.commits()
              .commit(
                  CommitRequest.builder(SPACE, "drop")
                      .change(new CollectionChange.Drop(TABLE))
                      .build());
      Purge.enqueue(tx, JOB, table, new PrincipalId("p"));
      return table;
    });
  }

  @AfterEach
  void close() {
    lake.close();
    metastore.close();
  }

  private void cancelIn(Held held) throws InterruptedException {
    try (JobRunner _ =
        new JobRunner(
            metastore,
            Map.of(Purge.KIND, new Purge(held, lake.collector())),
            "worker",
            1,
            Duration.ofMillis(20))) {
      assertThat(held.reached.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(state()).isEqualTo(JobState.RUNNING);
      assertThat(metastore.<Boolean>write(tx -> tx.jobs().cancel(JOB))).isTrue();
      held.cancelled.countDown();
      await().until(() -> state() == JobState.CANCELLED);
    }
  }

  private JobState state() {
    return metastore.read(tx -> tx.jobs().find(JOB).orElseThrow().state());
  }

  private boolean isPurged() {
    return metastore.read(tx -> tx.purges().isPurged(TABLE));
  }

  @Test
  void one_that_has_not_ended_the_tables_states_leaves_a_dropped_table_as_any_other()
      throws Exception {
    cancelIn(new Held(metastore, false));
    assertThat(isPurged()).isFalse();
    assertThat(file).exists();
    lake.collector().run(CollectOptions.DEFAULT);
    assertThat(file).exists();
  }

  @Test
  void one_that_has_ended_them_leaves_the_files_to_the_collectors_clock() throws Exception {
    cancelIn(new Held(metastore, true));
    assertThat(isPurged()).isTrue();
    assertThat(file).exists();
    lake.collector().run(CollectOptions.DEFAULT);
    assertThat(file).exists();
    Duration none = Duration.ZERO;
    await()
        .untilAsserted(() -> {
          lake.collector().run(new CollectOptions(none, none, none, none));
          assertThat(file).doesNotExist();
        });
  }
}
