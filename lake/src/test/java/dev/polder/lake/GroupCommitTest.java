package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.catalog.SpaceCatalog;
import dev.polder.lake.write.DataFileConverter;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
  private static final int EACH = 15;

  @TempDir Path directory;
  private TestLake lake;

  @BeforeEach
  void open() {
    lake = new TestLake(directory);
    Map<String, String> patient =
        Map.of(
            "commit.retry.num-retries", "200",
            "commit.retry.min-wait-ms", "1",
            "commit.retry.max-wait-ms", "20");
    lake.create(
        T,
        new TableDefinition(
            TestLake.PEOPLE, PartitionSpec.unpartitioned(), SortOrder.unsorted(), patient, 2));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void appendsAndForeignCommitsMeetAndNothingIsLost() throws Exception {
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      long from = i * 1000L;
      work.add(() -> {
        for (long id = from; id < from + EACH; id++) {
          lake.append(T, row(id, "own"));
        }
        return EACH;
      });
    }
    for (int i = 4; i < 6; i++) {
      long from = i * 1000L;
      work.add(() -> {
        for (long id = from; id < from + EACH; id++) {
          appendForeign(id);
        }
        return EACH;
      });
    }
    runAll(work);
    List<Object> expected = new ArrayList<>();
    for (long i = 0; i < 6; i++) {
      LongStream.range(i * 1000, i * 1000 + EACH).forEach(expected::add);
    }
    assertThat(lake.rows(T).stream().map(List::getFirst).toList())
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(lake.usage().files()).isPositive();
  }

  @Test
  void appendsThatTheLogDescribesDifferentlyHaveCommitsOfTheirOwn() throws Exception {
    List<Callable<Integer>> work = new ArrayList<>();
    for (String name : List.of("ann", "bob", "cid")) {
      for (int i = 0; i < EACH; i++) {
        long id = i;
        work.add(() -> {
          commitAs(name, id);
          return 1;
        });
      }
    }
    runAll(work);
    List<CommitInfo> log =
        lake.metastore.read(tx -> tx.commits().log(lake.space.database(), Long.MAX_VALUE, 1000));
    assertThat(log)
        .filteredOn(commit -> commit.operation().startsWith("INSERT"))
        .hasSizeLessThanOrEqualTo(3 * EACH)
        .allMatch(
            commit -> commit.operation().equals("INSERT by " + commit.principal().orElseThrow()))
        .extracting(commit -> commit.principal().orElseThrow().value())
        .contains("ann", "bob", "cid");
    assertThat(lake.rows(T)).hasSize(3 * EACH);
  }

  @Test
  void anAppendThatCannotLandFailsAloneAndItsFilesAreCondemned() throws Exception {
    CountDownLatch begun = new CountDownLatch(8);
    List<String> missing = new ArrayList<>();
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long id = i;
      work.add(() -> {
        try (LakeTransaction tx = lake.begin()) {
          LakeCollection table = lake.find(tx, T);
          DataFileSpec file = lake.write(tx.tableState(table), List.of(), row(id, "x"));
          tx.append(table, List.of(file));
          if (id % 2 == 0) {
            Files.delete(Path.of(file.path()));
            synchronized (missing) {
              missing.add(file.path());
            }
          }
          begun.countDown();
          begun.await();
          if (id % 2 == 0) {
            assertThatThrownBy(() -> tx.commit(CommitNote.of("test")))
                .isInstanceOfSatisfying(
                    PolderException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILE_MISSING));
          } else {
            tx.commit(CommitNote.of("test"));
          }
        }
        return 1;
      });
    }
    runAll(work);
    assertThat(lake.rows(T).stream().map(List::getFirst).toList())
        .containsExactlyInAnyOrder(1L, 3L, 5L, 7L);
    assertThat(lake.condemned()).containsAll(missing);
    assertThat(lake.ledger()).doesNotContainKeys(missing.toArray(String[]::new));
  }

  private void commitAs(String name, long id) {
    try (LakeTransaction tx = lake.begin()) {
      LakeCollection table = lake.find(tx, T);
      tx.append(table, List.of(lake.write(tx.tableState(table), List.of(), row(id, name))));
      PrincipalName principal = new PrincipalName(name);
      tx.commit(
          new CommitNote(
              "INSERT by " + name,
              Optional.of(principal),
              Optional.empty(),
              List.of(),
              List.of(),
              List.of()));
    }
  }

  /** As another engine does it: with Iceberg's own API, trying again when it lost the race. */
  private void appendForeign(long id) {
    SpaceCatalog catalog = new SpaceCatalog(lake.lake, lake.space, () -> CommitNote.of("foreign"));
    Table table = catalog.loadTable(TableIdentifier.of("main", "t"));
    TableState state = lake.lake.load(lake.find(T));
    DataFileSpec spec = lake.write(state, List.of(), row(id, "foreign"));
    DataFile file = new DataFileConverter(state.metadata()).convert(spec);
    table.newAppend().appendFile(file).commit();
  }

  private static void runAll(List<Callable<Integer>> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      for (Future<Integer> done : threads.invokeAll(work)) {
        assertThat(done.get()).isPositive();
      }
    }
  }
}
