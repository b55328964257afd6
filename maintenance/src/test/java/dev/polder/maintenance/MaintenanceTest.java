package dev.polder.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.polder.lake.Lake;
import dev.polder.lake.LakeOptions;
import dev.polder.lake.collect.CollectOptions;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.job.Job;
import dev.polder.metastore.job.JobState;
import dev.polder.metastore.lineage.Lineage;
import dev.polder.metastore.lineage.LineageKind;
import dev.polder.model.DatabaseName;
import dev.polder.model.IdSource;
import dev.polder.model.PrincipalName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MaintenanceTest {
  private static final Duration SOON = Duration.ofMillis(20);

  private SqliteMetastore metastore;
  private Lake lake;

  @BeforeEach
  void open(@TempDir Path directory) {
    Clock clock = Clock.systemUTC();
    IdSource ids = IdSource.timeOrdered(clock);
    metastore = SqliteMetastore.open(directory.resolve("metastore.db"), clock, ids);
    lake =
        new Lake(
            metastore, Warehouse.local(directory.resolve("warehouse")), ids, LakeOptions.DEFAULT);
    assertThat(directory.resolve("warehouse").toFile().mkdirs()).isTrue();
  }

  @AfterEach
  void close() {
    lake.close();
    metastore.close();
  }

  private Maintenance maintenance() {
    return new Maintenance(
        metastore,
        lake,
        new MaintenanceOptions(CollectOptions.DEFAULT, 2, SOON, SOON, SOON, SOON),
        () -> metastore.read(tx -> tx.now()));
  }

  private Database create(String name) {
    return metastore.write(
        tx -> tx.databases().create(new DatabaseName(name), DatabaseKind.LAKE, Map.of()));
  }

  private Database find(Database database) {
    return metastore.read(tx -> tx.databases().get(database.id()));
  }

  private List<Job> jobs() {
    return metastore.read(tx -> tx.jobs().list(Optional.empty(), 1000)).items();
  }

  @Test
  void whatIsPastItsTimeIsDroppedButForWhatOthersNeed() {
    Database brief = create("brief");
    Database needed = create("needed");
    Database clone = create("clone");
    metastore.write(tx -> {
      tx.databases().setExpiry(brief.id(), tx.now() + 1);
      tx.databases().setExpiry(needed.id(), tx.now() + 1);
      tx.lineage().link(new Lineage(clone.id(), needed.id(), LineageKind.CLONE, 0, 1, tx.now()));
      return true;
    });
    try (Maintenance _ = maintenance()) {
      await().until(() -> find(brief).droppedAt().isPresent());
      assertThat(find(needed).droppedAt()).isEmpty();
      metastore.write(tx -> {
        Materialization.enqueue(tx, clone.id(), new PrincipalName("ann"));
        return true;
      });
      await().until(() -> find(needed).droppedAt().isPresent());
    }
    assertThat(find(clone).droppedAt()).isEmpty();
    assertThat(jobs()).extracting(Job::kind).contains("collect", "sweep", "expire");
  }

  @Test
  void aServerSaysThatItLivesAndLeaves() {
    long before = metastore.read(tx -> tx.now());
    try (Maintenance _ = new Maintenance(metastore, lake, MaintenanceOptions.DEFAULT, () -> 42L)) {
      assertThat(metastore.<Long>read(tx -> tx.servers().oldest())).isEqualTo(42L);
    }
    assertThat(metastore.<Long>read(tx -> tx.servers().oldest())).isGreaterThanOrEqualTo(before);
  }

  @Test
  void aFailedJobIsTriedAgain() {
    AtomicInteger calls = new AtomicInteger();
    JobHandler handler =
        (job, lease) -> {
          if (calls.incrementAndGet() == 1) {
            throw new IllegalStateException("not yet");
          }
        };
    Job job = metastore.write(tx -> tx.jobs().enqueue("k", "{}", tx.now()));
    try (JobRunner _ = new JobRunner(metastore, Map.of("k", handler), "one", 1, SOON)) {
      await().until(() -> state(job) == JobState.SUCCEEDED);
    }
    assertThat(calls).hasValue(2);
  }

  @Test
  void whatADeadServerLeftIsTakenUpAndAClosedOneLeavesItsWork() throws Exception {
    Job abandoned = metastore.write(tx -> tx.jobs().start("k", "{}", Optional.empty(), "dead", -1));
    CountDownLatch started = new CountDownLatch(1);
    JobHandler hanging =
        (job, lease) -> {
          started.countDown();
          new CountDownLatch(1).await();
        };
    JobRunner runner = new JobRunner(metastore, Map.of("k", hanging), "one", 1, SOON);
    started.await();
    runner.close();
    assertThat(state(abandoned)).isEqualTo(JobState.RUNNING);
  }

  private JobState state(Job job) {
    return metastore.read(tx -> tx.jobs().find(job.id())).orElseThrow().state();
  }
}
