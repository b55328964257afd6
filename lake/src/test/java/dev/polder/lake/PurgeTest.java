package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.lake.collect.CollectOptions;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.collect.PurgeStore;
import dev.polder.metastore.commit.Lease;
import dev.polder.metastore.lineage.TenantMove;
import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.IdSource;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of single dropped tables. */
class PurgeTest {
  private static final TableRef KEPT = TableRef.of("main", "kept");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final CollectOptions OPTIONS =
      new CollectOptions(HOUR, HOUR, HOUR, Duration.ofDays(1));

  private final SettableClock clock = new SettableClock();
  private TestLake lake;

  @BeforeEach
  void open(@TempDir Path directory) {
    lake =
        new TestLake(
            SqliteMetastore.open(
                directory.resolve("metastore.db"), clock, IdSource.timeOrdered(clock)),
            directory);
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "a"));
    lake.append(T, row(2L, "b"));
    lake.create(KEPT, TableDefinition.of(TestLake.PEOPLE));
    lake.append(KEPT, row(1L, "a"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Set<String> files(LakeCollection table) {
    Path directory = Path.of(table.location());
    if (!Files.exists(directory)) {
      return Set.of();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).map(Path::toString).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private LakeCollection dropped() {
    LakeCollection table = lake.find(T);
    lake.inTransaction(tx -> tx.drop(table));
    return table;
  }

  private Optional<String> purge(LakeCollection table) {
    return lake.metastore.write(tx -> tx.purges().purge(table.id()));
  }

  /** Lets time pass, so that nothing runs any more that began before. */
  private PurgeStore.Progress deleted(LakeCollection table) {
    var _ = lake.lake.collector().purged(lake.space.database(), table.id());
    clock.advance(Duration.ofSeconds(1));
    return lake.lake.collector().purged(lake.space.database(), table.id());
  }

  @Test
  void filesThatNothingElseNeedsGoAtOnceAndOthersStay() {
    Set<String> others = files(lake.find(KEPT));
    LakeCollection table = dropped();
    assertThat(files(table)).isNotEmpty();
    assertThat(purge(table)).isEmpty();
    PurgeStore.Progress progress = deleted(table);
    assertThat(progress.condemned()).isZero();
    assertThat(progress.kept()).isZero();
    assertThat(progress.deleted()).isPositive();
    assertThat(files(table)).isEmpty();
    assertThat(files(lake.find(KEPT))).isEqualTo(others);
    assertThat(purge(table)).as("once more").isEmpty();
    assertThat(deleted(table)).isEqualTo(progress);
    assertThat(
            lake.metastore.<Boolean>read(tx ->
                tx.collections().withMetadata(lake.space, table.metadataLocation()).isPresent()))
        .isFalse();
    assertThat(
            lake.metastore.<Boolean>read(
                tx -> tx.collections().isPurged(lake.space, table.metadataLocation())))
        .isTrue();
  }

  @Test
  void nothingGoesThatAStatementOfALivingServerMayRead() {
    LakeCollection table = dropped();
    Set<String> files = files(table);
    lake.metastore.write(tx -> {
      tx.servers().beat("other", tx.now(), tx.now() + 60_000_000);
      return true;
    });
    assertThat(purge(table)).isEmpty();
    assertThat(deleted(table).condemned()).isPositive();
    assertThat(files(table)).isEqualTo(files);
    clock.advance(Duration.ofMinutes(2));
    assertThat(deleted(table).condemned()).isZero();
    assertThat(files(table)).isEmpty();
  }

  @Test
  void whatACloneBeganWithStaysReadableUntilItIsGone() {
    TestLake clone = lake.cloned("c");
    LakeCollection table = dropped();
    Set<String> before = files(table);
    assertThat(purge(table)).isEmpty();
    assertThat(deleted(table).kept()).isPositive();
    assertThat(clone.rows(T)).hasSize(2);
    assertThat(before).containsAll(files(table));
    lake.lake.collector().run(OPTIONS);
    clock.advance(Duration.ofDays(1));
    lake.lake.collector().run(OPTIONS);
    assertThat(clone.rows(T)).hasSize(2);
  }

  @Test
  void timeTravelOfACloneToBeforeItsCutStillWorks() {
    long early = lake.append(T, row(3L, "c")).seq();
    lake.append(T, row(4L, "d"));
    lake.cloned("c");
    LakeCollection table = dropped();
    assertThat(purge(table)).isEmpty();
    assertThat(deleted(table).kept()).isPositive();
    LakeCollection then =
        lake.metastore.read(tx ->
            tx.collections()
                .collectionAsOf(table.id(), early)
                .map(LakeCollection::of)
                .orElseThrow());
    assertThat(Path.of(then.metadataLocation())).exists();
    assertThat(lake.rows(lake.lake.load(then), LakeFilter.ALL)).hasSize(3);
  }

  @Test
  void aBackupsLeaseMakesItWait() {
    Lease lease =
        lake.metastore.write(tx ->
            tx.storage()
                .acquireLease(
                    "backup",
                    lake.space.database(),
                    tx.databases().get(lake.space.database()).commitSeq(),
                    tx.now() + 3_600_000_000L));
    LakeCollection table = dropped();
    Set<String> files = files(table);
    assertThat(purge(table)).isPresent();
    clock.advance(Duration.ofMinutes(1));
    lake.lake.collector().run(OPTIONS);
    assertThat(files(table)).isEqualTo(files);
    lake.metastore.write(tx -> {
      tx.storage().releaseLease(lease.id());
      return true;
    });
    assertThat(purge(table)).isEmpty();
    deleted(table);
    assertThat(files(table)).isEmpty();
  }

  @Test
  void aMirrorThatHasNotFollowedMakesItWaitAndKeepsItsRows() {
    DatabaseId mirror =
        lake.metastore.write(tx ->
            tx.localMirrors()
                .create(
                    new DatabaseName("m"),
                    tx.databases().get(lake.space.database()),
                    MirrorMode.ASYNC,
                    5_000_000,
                    TimeoutAction.FAIL,
                    lake.lake.warehouse().root())
                .id());
    TestLake there = lake.in(new SpaceKey(mirror, lake.space.tenant()));
    lake.append(T, row(3L, "c"));
    LakeCollection table = dropped();
    Set<String> files = files(table);
    for (int i = 0; i < 2; i++) {
      assertThat(purge(table)).hasValueSatisfying(why -> assertThat(why).contains("mirror"));
      clock.advance(Duration.ofMinutes(1));
      lake.lake.collector().run(OPTIONS);
      assertThat(files(table)).isEqualTo(files);
      assertThat(there.rows(T)).hasSize(2 + i);
      int one = lake.metastore.write(tx -> tx.localMirrors().follow(mirror, 1));
      assertThat(one).isOne();
    }
    assertThat(purge(table)).isEmpty();
    deleted(table);
    assertThat(there.rows(KEPT)).hasSize(1);
    assertThat(
            lake.metastore.<Boolean>read(tx -> tx.collections().find(there.space, T).isPresent()))
        .isFalse();
  }

  @Test
  void aMoveMakesItWaitAndWhatMovedKeepsItsRowsAndItsHistory() {
    long before = lake.append(T, row(3L, "c")).seq();
    LakeCollection table = dropped();
    Set<String> files = files(table);
    Set<String> others = files(lake.find(KEPT));
    SpaceKey to =
        lake.metastore.write(tx ->
            new SpaceKey(
                tx.databases().create(new DatabaseName("target"), DatabaseKind.LAKE, Map.of()).id(),
                lake.space.tenant()));
    TenantMove move = lake.beginMove(to);
    assertThat(purge(table)).hasValueSatisfying(why -> assertThat(why).contains("moved"));
    assertThat(files(table)).isEqualTo(files);
    lake.cutOver(move);
    TestLake target = lake.in(to);
    assertThat(purge(table)).isEmpty();
    deleted(table);
    assertThat(target.rows(KEPT)).hasSize(1);
    assertThat(others).isSubsetOf(files(target.find(KEPT)));
    target.move(lake.space);
    LakeCollection then =
        lake.metastore
            .read(tx -> lake.lake.snapshotAt(tx, lake.space, new TimeTravel.AtSeq(before)).find(T))
            .orElseThrow();
    assertThat(lake.rows(lake.lake.load(then), LakeFilter.ALL)).hasSize(3);
  }
}
