package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.catalog.SpaceCatalog;
import dev.polder.lake.collect.CollectOptions;
import dev.polder.lake.collect.CollectPreview;
import dev.polder.lake.collect.CollectReport;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.collect.CollectedFile;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final CollectOptions OPTIONS =
      new CollectOptions(HOUR, HOUR, HOUR, Duration.ofDays(1));

  private final SettableClock clock = new SettableClock();
  private Path warehouse;
  private TestLake lake;

  @BeforeEach
  void open(@TempDir Path directory) {
    warehouse = directory.resolve("warehouse");
    lake =
        new TestLake(
            SqliteMetastore.open(
                directory.resolve("metastore.db"), clock, IdSource.timeOrdered(clock)),
            directory);
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "a"));
    lake.append(T, row(2L, "b"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Set<String> files() {
    try (Stream<Path> all = Files.walk(warehouse)) {
      return all.filter(Files::isRegularFile).map(Path::toString).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private CollectReport run() {
    return lake.lake.collector().run(OPTIONS);
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  @Test
  void metadataAndManifestsOfOldVersionsGoAfterRetentionAndGrace() {
    Set<String> before = files();
    assertThat(run()).isEqualTo(new CollectReport(0, 0, 0, 0, 0, 0));
    clock.advance(HOUR.plusSeconds(1));
    lake.lake.collector().keep(OPTIONS);
    CollectPreview wouldBe = lake.lake.collector().preview(lake.space.database());
    assertThat(wouldBe.files()).isPositive();
    assertThat(lake.lake.collector().preview(lake.space.database())).isEqualTo(wouldBe);
    assertThat(run()).isEqualTo(new CollectReport(0, wouldBe.versions(), wouldBe.files(), 0, 0, 0));
    assertThat(files()).isEqualTo(before);
    clock.advance(HOUR.plusSeconds(1));
    assertThat(run().deleted()).isEqualTo(wouldBe.files());
    assertThat(files()).hasSize(before.size() - (int) wouldBe.files());
    assertThat(lake.rows(T)).hasSize(2);
    List<CollectedFile> journal = lake.metastore.read(tx -> tx.collect().journal("", 1_000));
    assertThat(journal)
        .hasSize((int) wouldBe.files())
        .allMatch(file -> file.deletedAt().isPresent());
    assertThat(lake.lake.collector().total().deleted()).isEqualTo(wouldBe.files());
    lake.append(T, row(3L, "c"));
    assertThat(lake.rows(T)).hasSize(3);
  }

  @Test
  void nothingIsDeletedThatAStatementOfALivingServerMayRead() {
    clock.advance(HOUR.plusSeconds(1));
    long began = micros() - 1;
    long condemned = run().condemned();
    clock.advance(Duration.ofDays(2));
    lake.metastore.write(tx -> {
      tx.servers().beat("other", began, tx.now() + 60_000_000);
      return true;
    });
    assertThat(run().deleted()).isZero();
    clock.advance(Duration.ofMinutes(2));
    assertThat(run().deleted()).as("that server is dead").isEqualTo(condemned);
  }

  @Test
  void whatNoCommitNamesGoesAndStatisticsStay() throws IOException {
    Path data = Path.of(lake.find(T).location(), "data");
    Path stray = Files.writeString(data.resolve("stray.parquet"), "x");
    Path unfinished = Files.writeString(data.resolve(".unfinished.parquet.1"), "x");
    Path statistics = Files.writeString(data.resolve("123.stats"), "x");
    Path nobodys =
        Files.writeString(
            Files.createDirectories(warehouse.resolve("default/7/gone/data")).resolve("f"), "x");
    Path other = Files.writeString(warehouse.resolve("readme"), "x");
    assertThat(lake.lake.collector().sweep(OPTIONS).strays()).as("too young").isZero();
    clock.advance(HOUR.plusSeconds(5));
    assertThat(lake.lake.collector().sweep(OPTIONS).strays()).isEqualTo(3);
    assertThat(lake.lake.collector().sweep(OPTIONS).strays()).isZero();
    clock.advance(HOUR.plusSeconds(5));
    run();
    assertThat(List.of(stray, unfinished, nobodys)).noneMatch(Files::exists);
    assertThat(List.of(statistics, other)).allMatch(Files::exists);
    assertThat(lake.rows(T)).hasSize(2);
  }

  /** A table of another engine's view of the space. */
  private Table foreign() {
    return new SpaceCatalog(lake.lake, lake.space, () -> CommitNote.of("other"))
        .loadTable(TableIdentifier.of("main", "t"));
  }

  /** Gives the table a branch with a file that the table's own snapshots do not name. */
  private List<Path> branch() {
    Table table = foreign();
    var written = lake.write(lake.lake.load(lake.find(T)), List.of(), row(9L, "branch"));
    DataFile file =
        DataFiles.builder(table.spec())
            .withPath(written.path())
            .withFileSizeInBytes(written.fileSize())
            .withRecordCount(1)
            .build();
    table.manageSnapshots().createBranch("audit").commit();
    table.newAppend().appendFile(file).toBranch("audit").commit();
    return List.of(
        Path.of(foreign().snapshot("audit").manifestListLocation()), Path.of(written.path()));
  }

  /** Lets everything end that can. */
  private void collectAll() {
    for (int i = 0; i < 3; i++) {
      clock.advance(HOUR.plusSeconds(5));
      lake.lake.collector().sweep(OPTIONS);
      run();
    }
  }

  @Test
  void branchesOfOtherEnginesAreHeld() {
    List<Path> files = branch();
    lake.append(T, row(10L, "main"));
    collectAll();
    assertThat(files).allMatch(Files::exists);
    foreign().manageSnapshots().removeBranch("audit").commit();
    collectAll();
    assertThat(files).noneMatch(Files::exists);
  }

  @Test
  void aClonesBranchIsHeldAlsoAfterItsSourceMovedAndLetGoOfIt() {
    List<Path> files = branch();
    TestLake clone = lake.cloned("clone");
    lake = lake.moved("elsewhere");
    foreign().manageSnapshots().removeBranch("audit").commit();
    collectAll();
    assertThat(files).allMatch(Files::exists);
    assertThat(clone.rows(T)).hasSize(2);
    clone.inTransaction(tx -> tx.drop(clone.find(tx, T)));
    collectAll();
    assertThat(files).noneMatch(Files::exists);
  }

  @Test
  void aVersionThatEndsDuringAMaterializationLeavesNoFileBehind() {
    TestLake clone = lake.cloned("clone");
    clone.append(T, row(3L, "c"));
    clone.append(T, row(4L, "d"));
    clone.append(T, row(5L, "e"));
    clock.advance(HOUR.plusSeconds(1));
    AtomicLong condemned = new AtomicLong();
    lake.lake
        .materializer()
        .run(
            clone.space.database(),
            Optional.empty(),
            progress -> {
              if (progress.files() == 1) {
                condemned.addAndGet(run().condemned());
              }
            });
    assertThat(condemned).hasPositiveValue();
    collectAll();
    assertThat(clone.rows(T)).hasSize(5);
    String own = clone.find(T).location();
    assertThat(files().stream().filter(file -> file.startsWith(own + "/")))
        .hasSize((int) clone.usage().files());
    lake.metastore.write(tx -> {
      tx.databases().drop(clone.space.database());
      tx.databases().drop(lake.space.database());
      return true;
    });
    collectAll();
    collectAll();
    assertThat(files()).isEmpty();
  }

  @Test
  void aStateThatIsGoneIsRefused() {
    long old = lake.metastore.read(tx -> lake.lake.snapshot(tx, lake.space).seq());
    clock.advance(Duration.ofSeconds(1));
    lake.append(T, row(3L, "c"));
    clock.advance(HOUR.plusSeconds(1));
    run();
    assertThatThrownBy(() ->
            lake.metastore.read(
                tx -> lake.lake.snapshotAt(tx, lake.space, new TimeTravel.AtSeq(old)).find(T)))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_NOT_FOUND));
  }
}
