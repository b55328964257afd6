package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.U;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.lineage.CloneRequest;
import dev.polder.lake.lineage.Clones;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.commit.Usage;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClonesTest {
  @TempDir Path directory;
  private TestLake source;
  private Clones clones;

  @BeforeEach
  void open() {
    source = new TestLake(directory);
    clones = source.lake.clones();
    source.create(T, TableDefinition.of(TestLake.PEOPLE));
    source.append(T, row(1L, "one"), row(2L, "two"));
  }

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void aCloneReadsTheSameRowsUnderAnIdentityOfItsOwn() {
    TestLake clone = clone("c", Optional.empty());
    assertThat(clone.rows(T)).isEqualTo(source.rows(T));
    LakeCollection table = clone.find(T);
    TableState state = clone.lake.load(table);
    assertThat(state.metadata().uuid())
        .isEqualTo(table.uuid().toString())
        .isNotEqualTo(source.find(T).uuid().toString());
    assertThat(state.location()).isEqualTo(table.location());
    assertThat(table.location())
        .startsWith(source.lake.warehouse().tenantRoot(clone.space) + "/" + clone.space.database());
  }

  @Test
  void writesStayOnTheirSide() {
    TestLake clone = clone("c", Optional.empty());
    clone.append(T, row(3L, "clone"));
    source.append(T, row(4L, "source"));
    clone.create(U, TableDefinition.of(TestLake.PEOPLE));
    assertThat(ids(clone, T)).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(ids(source, T)).containsExactlyInAnyOrder(1L, 2L, 4L);
    assertThat(exists(source, U)).isFalse();
    String metadata = clone.find(T).metadataLocation();
    assertThat(metadata).startsWith(clone.find(T).location() + "/metadata/");
    assertThat(clone.lake.load(clone.find(T)).metadata().uuid())
        .isEqualTo(clone.find(T).uuid().toString());
  }

  @Test
  void deletingTheSourcesRowsInTheCloneLeavesTheSourceAndIsNotCharged() {
    long bytes = source.usage().bytes();
    TestLake clone = clone("c", Optional.empty());
    assertThat(clone.usage()).isEqualTo(new Usage(0, 0, bytes, source.usage().files()));
    clone.inTransaction(tx -> {
      LakeCollection table = clone.find(tx, T);
      tx.overwrite(
          table,
          new Overwrite(
              tx.plan(table, LakeFilter.ALL).files().stream().map(PlannedFile::dataFile).toList(),
              List.of(),
              Map.of(),
              LakeFilter.ALL));
    });
    assertThat(clone.rows(T)).isEmpty();
    assertThat(ids(source, T)).containsExactlyInAnyOrder(1L, 2L);
    assertThat(clone.usage().bytes()).isPositive();
    assertThat(clone.usage().sharedFiles()).isZero();
    assertThat(source.usage().bytes()).isEqualTo(bytes);
  }

  @Test
  void droppingATableInTheSourceLeavesTheClones() {
    TestLake clone = clone("c", Optional.empty());
    source.inTransaction(tx -> tx.drop(source.find(tx, T)));
    assertThat(ids(clone, T)).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void aViewComesAlong() {
    source.inTransaction(tx ->
        tx.createView(
            TableRef.of("main", "v"),
            new ViewDefinition(
                "SELECT 1 AS id",
                new Schema(TestLake.PEOPLE.columns().getFirst()),
                SchemaName.MAIN,
                "owner",
                Map.of())));
    TestLake clone = clone("c", Optional.empty());
    LakeCollection view = clone.find(TableRef.of("main", "v"));
    assertThat(clone.lake.loadView(view).metadata().uuid()).isEqualTo(view.uuid().toString());
    assertThat(clone.lake.loadView(view).metadata().location()).isEqualTo(view.location());
    assertThat(clone.lake.loadView(view).sql()).isEqualTo("SELECT 1 AS id");
  }

  @Test
  void timeTravelInACloneKnowsFiveRegimes() {
    long afterTwo = seq(source);
    source.append(T, row(3L, "three"));
    long cutSeq = seq(source);
    long cutTime = tick();
    source.append(T, row(4L, "four"));
    long between = tick();
    TestLake clone = clone("c", Optional.of(new TimeTravel.AtMicros(cutTime)));
    clone.append(T, row(5L, "clone"));
    long later = tick();
    clone.append(T, row(6L, "clone"));

    assertThat(idsAt(clone, new TimeTravel.AtMicros(later)))
        .describedAs("after the clone was made")
        .containsExactlyInAnyOrder(1L, 2L, 3L, 5L);
    assertThat(idsAt(clone, new TimeTravel.AtMicros(between)))
        .describedAs("between the cut and the clone")
        .containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(idsAt(clone, new TimeTravel.AtSeq(cutSeq))).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(idsAt(clone, new TimeTravel.AtSeq(afterTwo)))
        .describedAs("before the cut")
        .containsExactlyInAnyOrder(1L, 2L);
    assertThat(idsAt(clone, new TimeTravel.AtMicros(0))).describedAs("before the source").isEmpty();
    assertThat(ids(clone, T)).containsExactlyInAnyOrder(1L, 2L, 3L, 5L, 6L);
  }

  @Test
  void aCloneAsOfATimeBeforeItsSourceWasClonedIsOfTheSourcesSource() {
    long seq = seq(source);
    source.append(T, row(3L, "three"));
    TestLake first = clone("first", Optional.empty());
    first.append(T, row(4L, "four"));
    TestLake second =
        in(
            clones(
                new CloneRequest(
                    new DatabaseName("first"),
                    new DatabaseName("second"),
                    Optional.of(new TimeTravel.AtSeq(seq)),
                    Optional.empty(),
                    TenantId.DEFAULT)));
    assertThat(ids(second, T)).containsExactlyInAnyOrder(1L, 2L);
    second.append(T, row(9L, "nine"));
    assertThat(ids(second, T)).containsExactlyInAnyOrder(1L, 2L, 9L);
    assertThat(idsAt(second, new TimeTravel.AtSeq(seq))).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void eightClonesDeepPassesAndTheNinthFails() {
    String from = "db";
    for (int depth = 1; depth <= Clones.MAX_DEPTH; depth++) {
      TestLake made = in(clones(request(from, "c" + depth, Optional.empty())));
      made.append(T, row(100L + depth, "deep"));
      from = "c" + depth;
      assertThat(made.rows(T)).hasSize(2 + depth);
    }
    String last = from;
    assertThatThrownBy(() -> clones(request(last, "c9", Optional.empty())))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CLONE_DEPTH_EXCEEDED));
    assertThat(databases()).doesNotContain("c9");
  }

  @Test
  void aMomentBeforeTheSourceOrAfterItsNewestCommitIsRefused() {
    for (TimeTravel at : List.of(new TimeTravel.AtMicros(1), new TimeTravel.AtSeq(1_000))) {
      assertThatThrownBy(() -> clones(request("db", "c", Optional.of(at))))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.AS_OF_OUT_OF_RANGE));
    }
    assertThat(databases()).doesNotContain("c");
  }

  @Test
  void clonesTakenWhileMoneyMovesBetweenTablesHoldAllOfIt() throws Exception {
    source.create(U, TableDefinition.of(TestLake.PEOPLE));
    AtomicBoolean done = new AtomicBoolean();
    List<TestLake> taken = new ArrayList<>();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writer =
          writers.submit(() -> {
            for (long i = 0; i < 40; i++) {
              long id = 1_000 + i;
              source.inTransaction(tx -> {
                append(tx, T, row(id, "in"));
                append(tx, U, row(id, "out"));
              });
            }
            done.set(true);
          });
      for (int i = 0; !done.get() && i < 20; i++) {
        taken.add(clone("money" + i, Optional.empty()));
      }
      writer.get();
    }
    assertThat(taken).isNotEmpty();
    for (TestLake clone : taken) {
      assertThat(ids(clone, T).stream().filter(id -> id >= 1_000))
          .containsExactlyInAnyOrderElementsOf(ids(clone, U));
    }
  }

  @Test
  void aResetCloneBeginsAgainAndKeepsItsHistory() {
    TestLake clone = clone("c", Optional.empty());
    clone.append(T, row(3L, "clone"));
    clone.create(U, TableDefinition.of(TestLake.PEOPLE));
    long before = seq(clone);
    source.append(T, row(4L, "source"));
    Database database = clone.metastore.read(tx -> tx.databases().get(clone.space.database()));
    clone.metastore.write(tx -> clones.reset(tx, database, Optional.empty(), TenantId.DEFAULT));
    assertThat(ids(clone, T)).containsExactlyInAnyOrder(1L, 2L, 4L);
    assertThat(exists(clone, U)).isFalse();
    assertThat(idsAt(clone, new TimeTravel.AtSeq(before))).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(idsAt(clone, new TimeTravel.AtSeq(before - 3))).containsExactlyInAnyOrder(1L, 2L);
    clone.append(T, row(5L, "clone"));
    assertThat(ids(clone, T)).containsExactlyInAnyOrder(1L, 2L, 4L, 5L);
    assertThat(ids(source, T)).containsExactlyInAnyOrder(1L, 2L, 4L);
  }

  private void append(LakeTransaction tx, TableRef ref, Object[] row) {
    LakeCollection table = source.find(tx, ref);
    tx.append(table, List.of(source.write(tx.tableState(table), List.of(), row)));
  }

  private TestLake clone(String name, Optional<TimeTravel> asOf) {
    return in(clones(request("db", name, asOf)));
  }

  private static CloneRequest request(String from, String name, Optional<TimeTravel> asOf) {
    return new CloneRequest(
        new DatabaseName(from), new DatabaseName(name), asOf, Optional.empty(), TenantId.DEFAULT);
  }

  private Database clones(CloneRequest request) {
    return source.metastore.write(tx -> clones.create(tx, request));
  }

  private TestLake in(Database database) {
    return source.in(new SpaceKey(database.id(), TenantId.DEFAULT));
  }

  private Stream<String> databaseNames() {
    return source.metastore.read(tx -> tx.databases().list(Optional.empty(), 1000)).items().stream()
        .map(database -> database.name().value());
  }

  private List<String> databases() {
    return databaseNames().toList();
  }

  private static long seq(TestLake lake) {
    return lake.metastore.read(tx -> lake.lake.snapshot(tx, lake.space).seq());
  }

  /** A time later than all commits so far and earlier than all to come. */
  private static long tick() {
    Instant start = Instant.now();
    while (ChronoUnit.MILLIS.between(start, Instant.now()) < 2) {
      Thread.onSpinWait();
    }
    return ChronoUnit.MICROS.between(Instant.EPOCH, start.plusMillis(1));
  }

  private static boolean exists(TestLake lake, TableRef ref) {
    return lake.metastore.read(tx -> lake.lake.snapshot(tx, lake.space).find(ref)).isPresent();
  }

  private static List<Long> ids(TestLake lake, TableRef ref) {
    return lake.rows(ref).stream().map(row -> (Long) row.getFirst()).toList();
  }

  private static List<Long> idsAt(TestLake lake, TimeTravel at) {
    LakeCollection table =
        lake.metastore.read(tx -> lake.lake.snapshotAt(tx, lake.space, at).find(T)).orElseThrow();
    return lake.rows(lake.lake.load(table), LakeFilter.ALL).stream()
        .map(row -> (Long) row.getFirst())
        .toList();
  }
}
