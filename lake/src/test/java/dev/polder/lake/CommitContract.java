package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.U;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.filter.LakeFilter.Column;
import dev.polder.lake.filter.LakeFilter.Comparison;
import dev.polder.lake.filter.LakeFilter.Operator;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/** What holds for commits wherever the metastore and the files are. */
abstract class CommitContract {
  @TempDir Path directory;
  TestLake lake;

  abstract TestLake openLake();

  /** How many appends meet. */
  int appends() {
    return 80;
  }

  @BeforeEach
  void open() {
    lake = openLake();
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.create(U, TableDefinition.of(TestLake.PEOPLE));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void whatWasAppendedIsReadBack() {
    Committed committed = lake.append(T, row(1L, "a"), row(2L, "b"));
    assertThat(lake.rows(T)).containsExactly(List.of(1L, "a"), List.of(2L, "b"));
    assertThat(committed.changed()).containsExactly(lake.find(T));
  }

  @Test
  void aTransactionSeesItsOwnChangesAndOthersDoNot() {
    try (LakeTransaction tx = lake.begin()) {
      LakeCollection table = lake.find(tx, T);
      tx.append(table, List.of(lake.write(tx.tableState(table), List.of(), row(1L, "a"))));
      assertThat(lake.rows(tx.tableState(table).schema(), tx.plan(table, LakeFilter.ALL)))
          .hasSize(1);
      assertThat(lake.rows(T)).isEmpty();
      LakeTransaction.Mark mark = tx.mark();
      delete(tx, T, 0);
      assertThat(lake.rows(TestLake.PEOPLE, tx.plan(table, LakeFilter.ALL))).isEmpty();
      tx.rollbackTo(mark);
      assertThat(lake.rows(TestLake.PEOPLE, tx.plan(table, LakeFilter.ALL))).hasSize(1);
      tx.commit(CommitNote.of("test"));
    }
    assertThat(lake.rows(T)).hasSize(1);
  }

  @Test
  void eightThreadsAppendAndNothingIsLost() throws Exception {
    List<Callable<Committed>> work = new ArrayList<>();
    for (int i = 0; i < appends(); i++) {
      long id = i;
      work.add(() -> lake.append(T, row(id, "x")));
    }
    List<Long> seqs = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Committed> done : threads.invokeAll(work)) {
        seqs.add(done.get().seq());
      }
    }
    long last = lake.metastore.read(tx -> lake.lake.snapshot(tx, lake.space).seq());
    assertThat(seqs).hasSize(appends()).allMatch(seq -> seq > 2 && seq <= last).contains(last);
    assertThat(lake.rows(T)).hasSize(appends()).doesNotHaveDuplicates();
  }

  @Test
  void ofConflictingDeletesExactlyOneWins() throws Exception {
    lake.append(T, row(1L, "a"), row(2L, "b"));
    List<Callable<Boolean>> work = new ArrayList<>();
    List<LakeTransaction> transactions = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      LakeTransaction tx = lake.begin();
      transactions.add(tx);
      delete(tx, T, 0);
      work.add(() -> commits(tx));
    }
    int won = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (Future<Boolean> done : threads.invokeAll(work)) {
        won += done.get() ? 1 : 0;
      }
    }
    transactions.forEach(LakeTransaction::close);
    assertThat(won).isEqualTo(1);
    assertThat(lake.rows(T)).containsExactly(List.of(2L, "b"));
  }

  @ParameterizedTest
  @EnumSource(IsolationLevel.class)
  void aLostUpdateIsImpossible(IsolationLevel isolation) {
    lake.append(T, row(1L, "a"));
    try (LakeTransaction first = lake.begin(isolation);
        LakeTransaction second = lake.begin(isolation)) {
      rewrite(first, row(1L, "first"));
      rewrite(second, row(1L, "second"));
      first.commit(CommitNote.of("first"));
      assertConflict(second);
    }
    assertThat(lake.rows(T)).containsExactly(List.of(1L, "first"));
  }

  @ParameterizedTest
  @EnumSource(IsolationLevel.class)
  void anInsertBesideADeleteConflictsOnlyWhenSerializable(IsolationLevel isolation) {
    lake.append(T, row(1L, "a"));
    try (LakeTransaction deleter = lake.begin(isolation)) {
      delete(deleter, T, 0);
      lake.append(T, row(5L, "new"));
      if (isolation == IsolationLevel.SERIALIZABLE) {
        assertConflict(deleter);
      } else {
        deleter.commit(CommitNote.of("delete"));
        assertThat(lake.rows(T)).containsExactly(List.of(5L, "new"));
      }
    }
  }

  @Test
  void writeSkewIsDetectedWhenSerializable() {
    lake.append(T, row(1L, "a"));
    lake.append(U, row(1L, "a"));
    try (LakeTransaction first = lake.begin(IsolationLevel.SERIALIZABLE);
        LakeTransaction second = lake.begin(IsolationLevel.SERIALIZABLE)) {
      first.recordRead(lake.find(first, T), LakeFilter.ALL);
      appendIn(first, U);
      second.recordRead(lake.find(second, U), LakeFilter.ALL);
      appendIn(second, T);
      first.commit(CommitNote.of("first"));
      assertConflict(second);
    }
  }

  @Test
  void aReadOfOtherRowsDoesNotConflict() {
    lake.append(T, row(1L, "a"));
    try (LakeTransaction tx = lake.begin(IsolationLevel.SERIALIZABLE)) {
      tx.recordRead(lake.find(tx, T), new Comparison(Column.of("id"), Operator.LESS, 100));
      appendIn(tx, U);
      lake.append(T, row(1000L, "far"));
      tx.commit(CommitNote.of("test"));
    }
    assertThat(lake.rows(U)).hasSize(1);
  }

  @Test
  void severalTablesLandTogether() {
    Committed committed =
        lake.inTransaction(tx -> {
          appendIn(tx, T);
          appendIn(tx, U);
        });
    assertThat(committed.changed()).hasSize(2);
    assertThat(lake.find(T).seq()).isEqualTo(lake.find(U).seq());
    long before = committed.seq() - 1;
    LakeCollection earlier =
        lake.metastore
            .read(tx -> lake.lake.snapshotAt(tx, lake.space, new TimeTravel.AtSeq(before)).find(T))
            .orElseThrow();
    assertThat(lake.rows(lake.lake.load(earlier), LakeFilter.ALL)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void rowsAreDeletedMergeOnReadInBothFormats(int version) {
    TableDefinition plain = TableDefinition.of(TestLake.PEOPLE);
    var ref = dev.polder.model.TableRef.of("main", "v" + version);
    lake.create(
        ref,
        new TableDefinition(plain.schema(), plain.spec(), plain.sortOrder(), Map.of(), version));
    lake.append(ref, row(1L, "a"), row(2L, "b"), row(3L, "c"));
    lake.inTransaction(tx -> delete(tx, ref, 0));
    lake.inTransaction(tx -> delete(tx, ref, 2));
    assertThat(lake.rows(ref)).containsExactly(List.of(2L, "b"));
    // Copy-on-write of the file takes its deletes along.
    lake.inTransaction(tx -> {
      LakeCollection table = lake.find(tx, ref);
      DataFile file = tx.plan(table, LakeFilter.ALL).files().getFirst().dataFile();
      tx.overwrite(
          table,
          new Overwrite(
              List.of(file),
              List.of(lake.write(tx.tableState(table), List.of(), row(2L, "B"))),
              Map.of(),
              LakeFilter.ALL));
    });
    assertThat(lake.rows(ref)).containsExactly(List.of(2L, "B"));
    assertThat(lake.lake.plan(lake.lake.load(lake.find(ref)), LakeFilter.ALL).hasDeletes())
        .isFalse();
  }

  @Test
  void aFailedCommitCondemnsWhatItWrote() {
    lake.append(T, row(1L, "a"));
    try (LakeTransaction tx = lake.begin()) {
      delete(tx, T, 0);
      tx.plan(lake.find(tx, T), LakeFilter.ALL);
      lake.inTransaction(other -> delete(other, T, 0));
      assertConflict(tx);
    }
    List<?> condemned =
        lake.metastore.read(tx -> tx.storage().condemned(Long.MAX_VALUE, Optional.empty(), 100));
    assertThat(condemned).isNotEmpty();
  }

  private boolean commits(LakeTransaction tx) {
    try {
      tx.commit(CommitNote.of("test"));
      return true;
    } catch (PolderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.TRANSACTION_CONFLICT);
      return false;
    }
  }

  private static void assertConflict(LakeTransaction tx) {
    assertThatThrownBy(() -> tx.commit(CommitNote.of("loser")))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TRANSACTION_CONFLICT));
  }

  private void appendIn(LakeTransaction tx, dev.polder.model.TableRef ref) {
    LakeCollection table = lake.find(tx, ref);
    tx.append(table, List.of(lake.write(tx.tableState(table), List.of(), row(7L, "own"))));
  }

  private void delete(LakeTransaction tx, dev.polder.model.TableRef ref, int position) {
    LakeCollection table = lake.find(tx, ref);
    PlannedFile file = tx.plan(table, LakeFilter.ALL).files().getFirst();
    tx.overwrite(
        table,
        new Overwrite(
            List.of(),
            List.of(),
            Map.of(file.dataFile(), RoaringBitmap.bitmapOf(position)),
            LakeFilter.ALL));
  }

  private void rewrite(LakeTransaction tx, Object[] newRow) {
    LakeCollection table = lake.find(tx, T);
    DataFile file = tx.plan(table, LakeFilter.ALL).files().getFirst().dataFile();
    tx.overwrite(
        table,
        new Overwrite(
            List.of(file),
            List.of(lake.write(tx.tableState(table), List.of(), newRow)),
            Map.of(),
            LakeFilter.ALL));
  }
}
