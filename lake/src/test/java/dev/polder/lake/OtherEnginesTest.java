package dev.polder.lake;

import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.lake.catalog.SpaceCatalog;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.SchemaMapping;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.audit.DmlAudit;
import dev.polder.model.TableRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.DataWriter;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own API and writers stand for another engine. */
class OtherEnginesTest {
  private static final TableIdentifier NAME = TableIdentifier.of("main", "t");
  private static final TableRef T = TestLake.T;

  @TempDir Path directory;
  private TestLake lake;
  private SpaceCatalog catalog;

  @BeforeEach
  void open() {
    lake = new TestLake(directory);
    catalog = new SpaceCatalog(lake.lake, lake.space, () -> CommitNote.of("other engine"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Table create(int version) {
    Table table =
        catalog
            .buildTable(NAME, TestLake.PEOPLE)
            .withProperty("format-version", Integer.toString(version))
            .create();
    lake.append(T, row(1L, "a"), row(2L, null), row(3L, "c"));
    table.refresh();
    return table;
  }

  private static OutputFile output(Table table, String extension) {
    return table
        .io()
        .newOutputFile(table.location() + "/data/" + UUID.randomUUID() + "." + extension);
  }

  @Test
  void whatAnotherEngineDoesIsAuditedAsWhatPolderDoes() {
    Table table = create(2);
    lake.metastore.write(tx -> {
      tx.databases().setAuditDml(lake.space.database(), DmlAudit.WRITES);
      return true;
    });
    table.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
    table.updateSchema().addColumn("more", Types.StringType.get()).commit();
    catalog.dropTable(NAME, false);
    List<AuditRecord> trail =
        lake.metastore.read(tx -> tx.audit().after(Optional.of(lake.space.database()), 0, 100));
    assertThat(trail)
        .extracting(AuditRecord::type)
        .containsExactly("table_created", "dml", "table_altered", "table_dropped");
    assertThat(trail.get(1).detail())
        .contains("\"operation\":\"DELETE\"", "\"row_count\":\"3\"", "\"tables\":\"main.t\"");
  }

  @Test
  void positionDeletesInParquetAndAvroAreHonoured() throws IOException {
    Table table = create(2);
    String file = lake.lake.plan(state(), LakeFilter.ALL).files().getFirst().dataFile().location();
    PositionDeleteWriter<Record> parquet =
        Parquet.writeDeletes(output(table, "parquet"))
            .createWriterFunc(GenericParquetWriter::create)
            .withSpec(PartitionSpec.unpartitioned())
            .buildPositionWriter();
    PositionDeleteWriter<Record> avro =
        Avro.writeDeletes(output(table, "avro"))
            .createWriterFunc(DataWriter::create)
            .withSpec(PartitionSpec.unpartitioned())
            .buildPositionWriter();
    PositionDelete<Record> delete = PositionDelete.create();
    parquet.write(delete.set(file, 0));
    parquet.close();
    avro.write(delete.set(file, 2));
    avro.close();
    table.newRowDelta().addDeletes(parquet.toDeleteFile()).addDeletes(avro.toDeleteFile()).commit();
    assertThat(lake.rows(T)).containsExactly(Arrays.asList(2L, null));
  }

  @Test
  void deletionVectorsAreHonouredAndTakenOver() throws IOException {
    Table table = create(3);
    var planned = lake.lake.plan(state(), LakeFilter.ALL).files().getFirst().dataFile();
    BaseDVFileWriter writer =
        new BaseDVFileWriter(
            OutputFileFactory.builderFor(table, 1, 1).format(FileFormat.PUFFIN).build(),
            path -> null);
    writer.delete(planned.location(), 1, table.spec(), planned.partition());
    writer.close();
    RowDelta delta = table.newRowDelta();
    writer.result().deleteFiles().forEach(delta::addDeletes);
    delta.commit();
    assertThat(lake.rows(T)).containsExactly(List.of(1L, "a"), List.of(3L, "c"));
    lake.inTransaction(tx -> {
      LakeCollection found = lake.find(tx, T);
      tx.overwrite(
          found,
          new Overwrite(
              List.of(),
              List.of(),
              Map.of(
                  tx.plan(found, LakeFilter.ALL).files().getFirst().dataFile(),
                  org.roaringbitmap.RoaringBitmap.bitmapOf(0)),
              LakeFilter.ALL));
    });
    assertThat(lake.rows(T)).containsExactly(List.of(3L, "c"));
  }

  @Test
  void equalityDeletesHideOlderRowsOnlyAndNullEqualsNull() throws IOException {
    Table table = create(2);
    Schema byName = TestLake.PEOPLE.select("name");
    EqualityDeleteWriter<Record> writer =
        Parquet.writeDeletes(output(table, "parquet"))
            .createWriterFunc(GenericParquetWriter::create)
            .rowSchema(byName)
            .equalityFieldIds(2)
            .withSpec(PartitionSpec.unpartitioned())
            .buildEqualityWriter();
    GenericRecord record = GenericRecord.create(byName);
    writer.write(record.copy(java.util.Collections.singletonMap("name", null)));
    writer.write(record.copy("name", "c"));
    writer.close();
    DeleteFile deletes = writer.toDeleteFile();
    table.newRowDelta().addDeletes(deletes).commit();
    lake.append(T, row(9L, "c"));
    assertThat(lake.rows(T)).containsExactlyInAnyOrder(List.of(1L, "a"), List.of(9L, "c"));
  }

  @Test
  void theCatalogKeepsItsPromises() {
    catalog.createNamespace(Namespace.of("n"), Map.of("k", "v"));
    assertThat(catalog.listNamespaces()).contains(Namespace.of("n"), Namespace.of("main"));
    Table table = create(2);
    assertThat(table.properties()).containsEntry("gc.enabled", "false");
    table.updateProperties().set("gc.enabled", "true").commit();
    assertThat(catalog.loadTable(NAME).properties()).containsEntry("gc.enabled", "false");
    TableIdentifier other = TableIdentifier.of("n", "T2");
    catalog.renameTable(NAME, other);
    assertThat(catalog.listTables(Namespace.of("n"))).containsExactly(other);
    catalog
        .buildView(TableIdentifier.of("n", "v"))
        .withSchema(TestLake.PEOPLE)
        .withQuery("duckdb", "SELECT * FROM t2")
        .withDefaultNamespace(Namespace.of("n"))
        .create();
    assertThat(lake.lake.loadView(lake.find(TableRef.of("n", "V"))).sql())
        .isEqualTo("SELECT * FROM t2");
    assertThat(catalog.dropTable(other)).isTrue();
    assertThat(catalog.dropView(TableIdentifier.of("n", "v"))).isTrue();
    assertThat(catalog.dropNamespace(Namespace.of("n"))).isTrue();
  }

  @Test
  void columnsAreFoundByIdThroughRenamesDropsAndPromotions() {
    Schema nested =
        new Schema(
            Types.NestedField.optional(1, "id", Types.IntegerType.get()),
            Types.NestedField.optional(2, "old", Types.StringType.get()),
            Types.NestedField.optional(
                3,
                "s",
                Types.StructType.of(Types.NestedField.optional(4, "x", Types.IntegerType.get()))));
    LakeCollection table = lake.create(T, TableDefinition.of(nested));
    Schema assigned = lake.lake.load(table).schema();
    GenericRecord struct = GenericRecord.create(assigned.findType("s").asStructType());
    struct.set(0, 5);
    lake.append(T, row(1, "was", struct));
    assertThat(mapping()).isEqualTo(SchemaMapping.ByName.COMPLETE);

    lake.inTransaction(tx ->
        tx.updateSchema(
            lake.find(tx, T), change -> change.addColumn("late", Types.DateType.get())));
    assertThat(mapping()).isInstanceOf(SchemaMapping.ByName.class);

    lake.inTransaction(tx ->
        tx.updateSchema(
            lake.find(tx, T),
            change ->
                change
                    .deleteColumn("old")
                    .renameColumn("s.x", "y")
                    .updateColumn("id", Types.LongType.get())
                    .moveFirst("s")));
    lake.inTransaction(tx ->
        tx.updateSchema(
            lake.find(tx, T), change -> change.addColumn("old", Types.StringType.get())));
    assertThat(mapping()).isInstanceOf(SchemaMapping.ById.class);
    List<Object> only = lake.rows(T).getFirst();
    assertThat(((Record) only.get(0)).getField("y")).isEqualTo(5);
    assertThat(only.subList(1, 4)).containsExactly(1L, null, null);
  }

  private SchemaMapping mapping() {
    return lake.lake.plan(state(), LakeFilter.ALL).files().getFirst().mapping();
  }

  private TableState state() {
    return lake.lake.load(lake.find(T));
  }
}
