package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.catalog.SpaceCatalog;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.lineage.CloneRequest;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.DataWriter;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaterializeTest {
  private TestLake source;

  @BeforeEach
  void open(@TempDir Path directory) {
    source = new TestLake(directory);
  }

  @AfterEach
  void close() {
    source.close();
  }

  private void create(int version) {
    TableDefinition two = TableDefinition.of(TestLake.PEOPLE);
    source.create(
        T,
        new TableDefinition(two.schema(), two.spec(), two.sortOrder(), two.properties(), version));
  }

  private TestLake clone(String from, String name) {
    Database made =
        source.metastore.write(tx ->
            source
                .lake
                .clones()
                .create(
                    tx,
                    new CloneRequest(
                        new DatabaseName(from),
                        new DatabaseName(name),
                        Optional.empty(),
                        Optional.empty(),
                        TenantId.DEFAULT)));
    return source.in(new SpaceKey(made.id(), TenantId.DEFAULT));
  }

  private static boolean materialize(TestLake lake) {
    return lake.lake.materializer().run(lake.space.database(), Optional.empty(), progress -> {});
  }

  private static List<Long> ids(TestLake lake) {
    return lake.rows(T).stream().map(row -> (Long) row.getFirst()).sorted().toList();
  }

  private static void assertOwn(TestLake lake) {
    LakeCollection table = lake.find(T);
    assertThat(Reach.of(lake, table)).allMatch(path -> path.startsWith(table.location() + "/"));
    assertThat(lake.usage().sharedFiles()).isZero();
    assertThat(lake.usage().sharedBytes()).isZero();
    assertThat(lake.usage().bytes()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void deletesOfBothFormatVersionsFollowTheirFiles(int version) {
    create(version);
    source.append(T, row(1L, "a"), row(2L, "b"), row(3L, "c"), row(4L, "d"));
    source.delete(T, 0);
    TestLake clone = clone("db", "c");
    clone.delete(T, 2);
    assertThat(ids(clone)).containsExactly(2L, 4L);
    assertThat(materialize(clone)).isTrue();
    assertThat(ids(clone)).containsExactly(2L, 4L);
    assertOwn(clone);
    clone.delete(T, 3);
    assertThat(ids(clone)).containsExactly(2L);
    assertThat(ids(source)).containsExactly(2L, 3L, 4L);
    assertThat(materialize(clone)).isFalse();
  }

  @Test
  void rowIdsAndSequenceNumbersStay() {
    create(3);
    source.append(T, row(1L, "a"));
    source.append(T, row(2L, "b"), row(3L, "c"));
    TestLake clone = clone("db", "c");
    clone.append(T, row(4L, "d"));
    List<String> before = rowIds(clone);
    materialize(clone);
    assertThat(rowIds(clone)).isEqualTo(before);
    clone.append(T, row(5L, "e"));
    assertThat(rowIds(clone)).containsAll(before).hasSize(before.size() + 1);
  }

  private static List<String> rowIds(TestLake lake) {
    return lake.lake.plan(lake.lake.load(lake.find(T)), LakeFilter.ALL).files().stream()
        .map(file ->
            file.dataFile().firstRowId()
                + " "
                + file.dataFile().dataSequenceNumber()
                + " "
                + file.dataFile().fileSequenceNumber()
                + " "
                + file.dataFile().recordCount())
        .sorted()
        .toList();
  }

  @Test
  void deletesThatOtherEnginesWroteFollowTheirFiles() throws IOException {
    create(2);
    source.append(T, row(1L, "a"), row(2L, null), row(3L, "c"), row(4L, "d"));
    source.append(T, row(5L, "e"));
    Table table =
        new SpaceCatalog(source.lake, source.space, () -> CommitNote.of("other"))
            .loadTable(TableIdentifier.of("main", "t"));
    List<String> files =
        source.lake.plan(source.lake.load(source.find(T)), LakeFilter.ALL).files().stream()
            .filter(file -> file.dataFile().recordCount() == 4)
            .map(file -> file.path())
            .toList();
    PositionDeleteWriter<Record> avro =
        Avro.writeDeletes(output(table, "avro"))
            .createWriterFunc(DataWriter::create)
            .withSpec(PartitionSpec.unpartitioned())
            .buildPositionWriter();
    avro.write(PositionDelete.<Record>create().set(files.getFirst(), 0));
    avro.close();
    Schema byName = TestLake.PEOPLE.select("name");
    EqualityDeleteWriter<Record> equal =
        Parquet.writeDeletes(output(table, "parquet"))
            .createWriterFunc(GenericParquetWriter::create)
            .rowSchema(byName)
            .equalityFieldIds(2)
            .withSpec(PartitionSpec.unpartitioned())
            .buildEqualityWriter();
    equal.write(GenericRecord.create(byName).copy("name", "c"));
    equal.close();
    table.newRowDelta().addDeletes(avro.toDeleteFile()).addDeletes(equal.toDeleteFile()).commit();
    source.append(T, row(9L, "c"));
    TestLake clone = clone("db", "c");
    assertThat(ids(clone)).containsExactly(2L, 4L, 5L, 9L);
    materialize(clone);
    assertThat(ids(clone)).containsExactly(2L, 4L, 5L, 9L);
    assertOwn(clone);
  }

  private static OutputFile output(Table table, String extension) {
    return table
        .io()
        .newOutputFile(table.location() + "/data/" + UUID.randomUUID() + "." + extension);
  }

  @Test
  void itsOwnHistoryStaysAndTheSourcesIsNoLongerItsOwn() {
    create(2);
    source.append(T, row(1L, "a"));
    TestLake clone = clone("db", "c");
    long cut = seq(clone);
    clone.append(T, row(2L, "b"));
    long then = seq(clone);
    clone.append(T, row(3L, "c"));
    materialize(clone);
    assertThat(idsAt(clone, then)).containsExactly(1L, 2L);
    assertThat(idsAt(clone, cut)).containsExactly(1L);
    for (long seq : new long[] {cut, then}) {
      LakeCollection version = at(clone, seq);
      assertThat(Reach.of(clone, version))
          .allMatch(path -> path.startsWith(version.location() + "/"));
    }
    TestLake cloneOfIt = clone.cloned("clone_of_it");
    for (TestLake descendant : List.of(clone, cloneOfIt)) {
      assertThatThrownBy(() -> idsAt(descendant, cut - 1))
          .hasMessageContaining("before it was materialized at")
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_NOT_FOUND));
    }
  }

  private static long seq(TestLake lake) {
    return lake.metastore.read(tx -> lake.lake.snapshot(tx, lake.space).seq());
  }

  private static LakeCollection at(TestLake lake, long seq) {
    return lake.metastore
        .read(tx -> lake.lake.snapshotAt(tx, lake.space, new TimeTravel.AtSeq(seq)).find(T))
        .orElseThrow();
  }

  private static List<Long> idsAt(TestLake lake, long seq) {
    return lake.rows(lake.lake.load(at(lake, seq)), LakeFilter.ALL).stream()
        .map(row -> (Long) row.getFirst())
        .sorted()
        .toList();
  }

  @Test
  void writesGoOnMeanwhileAndNoneIsLost() throws Exception {
    create(2);
    for (long i = 0; i < 20; i++) {
      source.append(T, row(i, "source"));
    }
    TestLake clone = clone("db", "c");
    AtomicBoolean done = new AtomicBoolean();
    List<Long> written = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writer =
          threads.submit(() -> {
            for (long id = 100; !done.get(); id++) {
              clone.append(T, row(id, "clone"));
              source.append(T, row(id, "source"));
              written.add(id);
            }
          });
      materialize(clone);
      done.set(true);
      writer.get();
    }
    List<Long> expected = new ArrayList<>();
    for (long i = 0; i < 20; i++) {
      expected.add(i);
    }
    expected.addAll(written);
    assertThat(ids(clone)).containsExactlyElementsOf(expected);
    assertThat(ids(source)).containsExactlyElementsOf(expected);
    assertOwn(clone);
  }

  @Test
  void theTransactionThatMakesACloneIndependentTellsWhoseDoingItWas() {
    create(2);
    source.append(T, row(1L, "a"));
    TestLake clone = clone("db", "c");
    PrincipalName ann = new PrincipalName("ann");
    for (int i = 0; i < 2; i++) {
      clone.lake.materializer().run(clone.space.database(), Optional.of(ann), progress -> {});
    }
    assertThat(
            clone.metastore.<List<AuditRecord>>read(
                tx -> tx.audit().after(Optional.of(clone.space.database()), 0, 100)))
        .singleElement()
        .satisfies(record -> {
          assertThat(record.type()).isEqualTo("database_materialized");
          assertThat(record.principal()).contains("ann");
          assertThat(record.object()).contains("c");
          assertThat(record.detail()).contains("\"tables\":\"1\"");
        });
  }

  @Test
  void whatWasCutOffGoesOnFromWhereItWas() {
    create(2);
    for (long i = 0; i < 5; i++) {
      source.append(T, row(i, "source"));
    }
    TestLake clone = clone("db", "c");
    List<Long> copies = new ArrayList<>();
    assertThatThrownBy(() ->
            clone
                .lake
                .materializer()
                .run(
                    clone.space.database(),
                    Optional.empty(),
                    progress -> {
                      if (progress.files() == 3) {
                        throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "enough");
                      }
                    }))
        .isInstanceOf(PolderException.class);
    assertThat(ids(clone)).hasSize(5);
    clone
        .lake
        .materializer()
        .run(clone.space.database(), Optional.empty(), progress -> copies.add(progress.files()));
    assertThat(ids(clone)).hasSize(5);
    assertThat(copies.getLast()).isEqualTo(5);
    assertOwn(clone);
  }
}
