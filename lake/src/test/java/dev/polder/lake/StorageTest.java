package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.lake.write.StagedFile;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPublishedFileIsNeverReplaced(boolean remote) throws IOException {
    try (Warehouse warehouse =
        remote ? S3Server.running().warehouse() : Warehouse.local(directory.resolve("warehouse"))) {
      String table = warehouse.root() + "/default/1024/table";
      Path first = Files.writeString(directory.resolve("first"), "first");
      String location =
          warehouse.publish(table, List.of(new StagedFile(first, "p=1/a.parquet"))).getFirst();
      assertThat(location).isEqualTo(table + "/data/p=1/a.parquet");
      assertThat(first).doesNotExist();
      Path second = Files.writeString(directory.resolve("second"), "second");
      assertThatThrownBy(
              () -> warehouse.publish(table, List.of(new StagedFile(second, "p=1/a.parquet"))))
          .isInstanceOf(PolderException.class)
          .hasMessageContaining("files are never replaced");
      try (var in = warehouse.io().newInputFile(location).newStream()) {
        assertThat(in.readAllBytes()).asString().isEqualTo("first");
      }
      assertThat(second).exists();
    }
  }

  @Test
  void aWrongSecretIsRefusedByTheStore() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "content");
    try (Warehouse warehouse = S3Server.running().warehouse("wrong")) {
      assertThatThrownBy(
              () -> warehouse.publish(warehouse.root() + "/t", List.of(new StagedFile(file, "a"))))
          .isInstanceOfSatisfying(
              PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_ERROR))
          .hasMessageNotContaining("wrong\"");
    }
  }

  @Test
  void aMissingDataFileFailsItsCommitAndNothingChanges() throws IOException {
    try (TestLake lake = new TestLake(directory)) {
      lake.create(T, TableDefinition.of(TestLake.PEOPLE));
      lake.append(T, row(1L, "a"));
      LakeCollection before = lake.find(T);
      try (LakeTransaction tx = lake.begin()) {
        LakeCollection table = lake.find(tx, T);
        DataFileSpec file = lake.write(tx.tableState(table), List.of(), row(2L, "b"));
        tx.append(table, List.of(file));
        Files.delete(Path.of(file.path()));
        assertThatThrownBy(() -> tx.commit(CommitNote.of("test")))
            .isInstanceOfSatisfying(
                PolderException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILE_MISSING))
            .hasMessageContaining(file.path());
      }
      assertThat(lake.find(T)).isEqualTo(before);
      assertThat(lake.rows(T)).hasSize(1);
    }
  }

  @Test
  void whatRolledBackTransactionsWroteIsCondemned() {
    try (TestLake lake = new TestLake(directory)) {
      lake.create(T, TableDefinition.of(TestLake.PEOPLE));
      DataFileSpec file;
      try (LakeTransaction tx = lake.begin()) {
        LakeCollection table = lake.find(tx, T);
        file = lake.write(tx.tableState(table), List.of(), row(2L, "b"));
        tx.append(table, List.of(file));
        tx.tableState(table);
      }
      assertThat(lake.condemned()).contains(file.path()).anyMatch(path -> path.endsWith(".avro"));
    }
  }

  @Test
  void everyFileOfTheWarehouseIsInTheLedgerOrCondemned() throws IOException {
    try (TestLake lake = new TestLake(directory)) {
      lake.create(T, TableDefinition.of(TestLake.PEOPLE));
      for (long i = 0; i < 30; i++) {
        lake.append(T, row(i, "a"));
      }
      try (LakeTransaction tx = lake.begin()) {
        LakeCollection table = lake.find(tx, T);
        tx.append(table, List.of(lake.write(tx.tableState(table), List.of(), row(50L, "b"))));
        tx.tableState(table);
        LakeTransaction.Mark mark = tx.mark();
        tx.append(table, List.of(lake.write(tx.tableState(table), List.of(), row(51L, "b"))));
        tx.tableState(table);
        tx.rollbackTo(mark);
        tx.append(table, List.of(lake.write(tx.tableState(table), List.of(), row(52L, "b"))));
        tx.commit(CommitNote.of("test"));
      }
      try (Stream<Path> files = Files.walk(directory.resolve("warehouse"))) {
        List<String> found =
            files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
        List<String> known =
            Stream.concat(lake.ledger().keySet().stream(), lake.condemned().stream()).toList();
        assertThat(known).containsAll(found);
      }
      TableState state = lake.lake.load(lake.find(T));
      var io = lake.lake.warehouse().io();
      long live =
          2L
              + lake.lake.plan(state, LakeFilter.ALL).totalFiles()
              + state.snapshot().orElseThrow().allManifests(io).size();
      assertThat(lake.usage().files()).isEqualTo(live);
    }
  }
}
