package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Iceberg's own client has the server plan its scans, and finds what it would have found itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IcebergScanPlanningTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of(Namespace.of("main"), "orders");

  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient sql;
  private RESTCatalog alone;
  private RESTCatalog asking;
  private ScanPlans plans;

  @BeforeAll
  void start() {
    server = LocalServers.start(directory.resolve("data"), Map.of());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void database() {
    String database = "d" + UUID.randomUUID().toString().replace('-', '_');
    sql = LocalServers.admin(server);
    sql.execute("CREATE DATABASE " + database);
    sql.execute("USE " + database);
    String token = TwoServers.text(sql.execute("CREATE TOKEN t_" + database), "token");
    alone = IcebergCatalogs.open(server, database, token);
    asking = IcebergCatalogs.openPlanning(server, database, token);
    plans = new ScanPlans(server, token, database);
  }

  @AfterEach
  void close() throws IOException {
    asking.close();
    alone.close();
    sql.close();
  }

  private void assertPlannedAlike(Expression filter) {
    Set<String> own = ScanPlans.planned(alone.loadTable(ORDERS).newScan().filter(filter));
    Table table = asking.loadTable(ORDERS);
    assertThat(table.newScan().getClass().getSimpleName()).isEqualTo("RESTTableScan");
    assertThat(ScanPlans.planned(table.newScan().filter(filter)))
        .as(filter.toString())
        .isEqualTo(own);
  }

  private static List<Long> ids(Table table, Expression filter) {
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).where(filter).build()) {
      List<Long> ids = new ArrayList<>();
      rows.forEach(row -> ids.add((Long) row.getField("id")));
      return ids.stream().sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void an_empty_table_has_no_file() {
    alone.createTable(ORDERS, IcebergCatalogs.ORDERS);
    assertThat(ScanPlans.planned(asking.loadTable(ORDERS).newScan())).isEmpty();
  }

  @Test
  void a_filter_leaves_out_files_by_their_bounds_and_partitions() {
    PartitionSpec spec =
        PartitionSpec.builderFor(IcebergCatalogs.ORDERS).truncate("id", 100).build();
    alone.createTable(ORDERS, IcebergCatalogs.ORDERS, spec);
    sql.execute("INSERT INTO orders SELECT range, 'item ' || range FROM range(1000)");
    sql.execute("INSERT INTO orders SELECT range, 'more ' || range FROM range(150)");
    Table table = alone.loadTable(ORDERS);
    table.updateSpec().removeField("id_trunc").addField(Expressions.bucket("item", 4)).commit();
    sql.execute("INSERT INTO orders SELECT range, 'late ' || range FROM range(2000, 2100)");
    for (Expression filter :
        List.of(
            Expressions.alwaysTrue(),
            Expressions.alwaysFalse(),
            Expressions.equal("id", 120L),
            Expressions.and(
                Expressions.greaterThanOrEqual("id", 140L), Expressions.lessThan("id", 160L)),
            Expressions.or(Expressions.equal("id", 2050L), Expressions.startsWith("item", "more")),
            Expressions.not(Expressions.lessThan("id", 900L)),
            Expressions.in("id", 5L, 955L, 2001L),
            Expressions.equal("item", "late 2003"),
            Expressions.isNull("item"))) {
      assertPlannedAlike(filter);
      assertThat(ids(asking.loadTable(ORDERS), filter))
          .isEqualTo(ids(alone.loadTable(ORDERS), filter));
    }
    assertThat(
            ScanPlans.planned(
                asking.loadTable(ORDERS).newScan().filter(Expressions.equal("id", 750L))))
        .hasSize(1);
  }

  @Test
  void deletes_of_the_second_format_go_with_the_files_that_they_hide_rows_of() throws IOException {
    Table table = alone.createTable(ORDERS, IcebergCatalogs.ORDERS);
    DataFile first = IcebergCatalogs.write(table, 0, 10);
    DataFile second = IcebergCatalogs.write(table, 10, 20);
    table.newAppend().appendFile(first).appendFile(second).commit();
    table.newRowDelta().addDeletes(positions(table, first, 0, 3)).commit();
    table.newRowDelta().addDeletes(equality(table, 12, 4)).commit();
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 5)).commit();
    assertPlannedAlike(Expressions.alwaysTrue());
    assertThat(ids(asking.loadTable(ORDERS), Expressions.alwaysTrue()))
        .isEqualTo(ids(alone.loadTable(ORDERS), Expressions.alwaysTrue()))
        .hasSize(21)
        .doesNotContain(12L);
  }

  private static DeleteFile positions(Table table, DataFile file, long... rows) throws IOException {
    PositionDeleteWriter<Record> writer =
        Parquet.writeDeletes(deleteFile(table))
            .createWriterFunc(GenericParquetWriter::create)
            .withSpec(table.spec())
            .buildPositionWriter();
    try (writer) {
      for (long row : rows) {
        writer.write(PositionDelete.<Record>create().set(file.location(), row));
      }
    }
    return writer.toDeleteFile();
  }

  private static DeleteFile equality(Table table, long... ids) throws IOException {
    Schema key = table.schema().select("id");
    EqualityDeleteWriter<Record> writer =
        Parquet.writeDeletes(deleteFile(table))
            .createWriterFunc(GenericParquetWriter::create)
            .rowSchema(key)
            .withSpec(table.spec())
            .equalityFieldIds(1)
            .buildEqualityWriter();
    try (writer) {
      for (long id : ids) {
        GenericRecord row = GenericRecord.create(key);
        row.set(0, id);
        writer.write(row);
      }
    }
    return writer.toDeleteFile();
  }

  private static OutputFile deleteFile(Table table) {
    return table
        .io()
        .newOutputFile(table.location() + "/data/" + UUID.randomUUID() + "-deletes.parquet");
  }

  @Test
  void deletion_vectors_go_with_their_files() {
    alone
        .buildTable(ORDERS, IcebergCatalogs.ORDERS)
        .withProperty("format-version", "3")
        .withProperty("write.delete.mode", "merge-on-read")
        .create();
    sql.execute("INSERT INTO orders SELECT range, 'item' FROM range(100)");
    sql.execute("INSERT INTO orders SELECT range, 'item' FROM range(100, 200)");
    sql.execute("DELETE FROM orders WHERE id % 10 = 0 AND id < 150");
    assertPlannedAlike(Expressions.alwaysTrue());
    assertThat(ScanPlans.planned(asking.loadTable(ORDERS).newScan()))
        .anyMatch(file -> file.contains(".puffin@"));
    assertThat(ids(asking.loadTable(ORDERS), Expressions.lessThan("id", 20L)))
        .hasSize(18)
        .doesNotContain(0L, 10L);
  }

  @Test
  void an_earlier_snapshot_is_planned_with_its_own_schema_or_the_tables() {
    Table table = alone.createTable(ORDERS, IcebergCatalogs.ORDERS);
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 10)).commit();
    long then = table.currentSnapshot().snapshotId();
    table.updateSchema().renameColumn("item", "name").commit();
    sql.execute("INSERT INTO orders VALUES (20, 'x')");
    Table planned = asking.loadTable(ORDERS);
    table.refresh();
    Expression old = Expressions.equal("item", "item 3");
    assertThat(ScanPlans.planned(planned.newScan().useSnapshot(then).filter(old)))
        .isEqualTo(ScanPlans.planned(table.newScan().useSnapshot(then).filter(old)))
        .hasSize(1);
    assertThatThrownBy(() -> ScanPlans.planned(planned.newScan().filter(old)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("item");
    String byName =
        "{\"snapshot-id\":"
            + then
            + ",\"use-snapshot-schema\":%s,\"filter\":{\"type\":\"eq\",\"term\":\"NAME\",\"value\":"
            + "\"item 3\"},\"case-sensitive\":false}";
    assertThat(plans.plan("orders", byName.formatted("false")).files()).hasSize(1);
    assertThat(plans.plan("orders", byName.formatted("true")).status()).isEqualTo(400);
    table.manageSnapshots().createBranch("side", then).commit();
    planned.refresh();
    assertThat(ScanPlans.planned(planned.newScan().useRef("side"))).hasSize(1);
  }

  @Test
  void an_incremental_scan_has_what_was_appended_after_its_start() {
    for (String version : List.of("1", "2")) {
      TableIdentifier name = TableIdentifier.of(Namespace.of("main"), "v" + version);
      Table table =
          alone
              .buildTable(name, IcebergCatalogs.ORDERS)
              .withProperty("format-version", version)
              .withProperty("commit.manifest.min-count-to-merge", "2")
              .create();
      DataFile first = IcebergCatalogs.write(table, 0, 1);
      table.newAppend().appendFile(first).commit();
      long start = table.currentSnapshot().snapshotId();
      DataFile second = IcebergCatalogs.write(table, 1, 2);
      table.newAppend().appendFile(second).commit();
      table.newDelete().deleteFile(first).commit();
      DataFile third = IcebergCatalogs.write(table, 2, 3);
      table.newAppend().appendFile(third).commit();
      long end = table.currentSnapshot().snapshotId();
      String between = "{\"start-snapshot-id\":%d,\"end-snapshot-id\":%d}";
      assertThat(plans.plan("v" + version, between.formatted(start, end)).files())
          .as("format version " + version)
          .containsExactlyInAnyOrder(second.location(), third.location())
          .containsExactlyInAnyOrderElementsOf(
              ScanPlans.planned(
                      table.newIncrementalAppendScan().fromSnapshotExclusive(start).toSnapshot(end))
                  .stream()
                  .map(file -> file.substring(0, file.indexOf(' ')))
                  .toList());
      assertThat(plans.plan("v" + version, between.formatted(end, end)).files()).isEmpty();
      assertThat(plans.plan("v" + version, between.formatted(end, start)).status()).isEqualTo(400);
      assertThat(plans.plan("v" + version, between.formatted(1, end)).status()).isEqualTo(400);
      assertThat(plans.plan("v" + version, "{\"start-snapshot-id\":" + start + "}").status())
          .isEqualTo(400);
    }
  }

  @Test
  void statistics_are_of_the_fields_that_were_asked_for() throws IOException {
    Table table = alone.createTable(ORDERS, IcebergCatalogs.ORDERS);
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 10)).commit();
    Table planned = asking.loadTable(ORDERS);
    assertThat(only(planned).lowerBounds()).isNull();
    try (CloseableIterable<FileScanTask> tasks =
        planned.newScan().includeColumnStats(Set.of("id")).planFiles()) {
      DataFile file = tasks.iterator().next().file();
      assertThat(file.lowerBounds()).containsOnlyKeys(1);
      assertThat(file.valueCounts()).containsOnlyKeys(1);
      assertThat(file.recordCount()).isEqualTo(10);
    }
    assertThat(plans.plan("orders", "{\"stats-fields\":[\"nosuch\"]}").status()).isEqualTo(400);
  }

  private static DataFile only(Table table) throws IOException {
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      return tasks.iterator().next().file();
    }
  }

  @Test
  void as_many_files_come_as_hold_the_rows_that_are_wanted() {
    Table table = alone.createTable(ORDERS, IcebergCatalogs.ORDERS);
    for (int i = 0; i < 3; i++) {
      table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 10)).commit();
    }
    Table planned = asking.loadTable(ORDERS);
    assertThat(ScanPlans.planned(planned.newScan().minRowsRequested(1))).hasSize(1);
    assertThat(ScanPlans.planned(planned.newScan().minRowsRequested(11))).hasSize(2);
    assertThat(ScanPlans.planned(planned.newScan().minRowsRequested(100))).hasSize(3);
    assertThat(
            ScanPlans.planned(
                planned.newScan().filter(Expressions.equal("item", "item 5")).minRowsRequested(1)))
        .as("files whose rows may all fail the filter do not count")
        .hasSize(3);
  }

  @Test
  void a_large_plan_goes_on_with_tasks() {
    for (int commits : List.of(1, 4)) {
      TableIdentifier name = TableIdentifier.of(Namespace.of("main"), "large" + commits);
      Table table = alone.createTable(name, IcebergCatalogs.ORDERS);
      for (int i = 0; i < commits; i++) {
        ScanPlans.appendEmptyFiles(table, 2_400 / commits);
      }
      ScanPlans.Reply plan = plans.plan(name.name(), "{}");
      assertThat(plan.body().path("status").asText()).isEqualTo("completed");
      assertThat(plan.files()).hasSize(1_000);
      assertThat(plan.tasks()).isNotEmpty();
      List<String> all = plans.allFiles(name.name(), plan);
      assertThat(all).hasSize(2_400);
      assertThat(new HashSet<>(all)).hasSize(2_400);
      assertThat(ScanPlans.planned(asking.loadTable(name).newScan()))
          .isEqualTo(ScanPlans.planned(table.newScan()));
      ScanPlans.Reply again = plans.send("GET", name.name() + "/plan/" + plan.planId(), "");
      assertThat(again.body().path("status").asText()).isEqualTo("completed");
      assertThat(again.files()).isEqualTo(plan.files());
      assertThat(plans.allFiles(name.name(), again)).isEqualTo(all);
    }
  }

  @Test
  void a_plan_is_of_the_version_that_there_was() {
    Table table = alone.createTable(ORDERS, IcebergCatalogs.ORDERS);
    ScanPlans.appendEmptyFiles(table, 1_500);
    ScanPlans.Reply plan = plans.plan("orders", "{}");
    List<String> before = plans.allFiles("orders", plan);
    table.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
    assertThat(plans.allFiles("orders", plan)).isEqualTo(before).hasSize(1_500);
    sql.execute("ALTER TABLE orders RENAME TO elsewhere");
    assertThat(plans.allFiles("elsewhere", plan)).hasSize(1_500);
  }

  @Test
  void nested_and_renamed_fields_are_filtered_by() {
    Schema nested =
        new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(
                2,
                "at",
                Types.StructType.of(Types.NestedField.optional(3, "day", Types.DateType.get()))));
    alone.createTable(ORDERS, nested);
    sql.execute("INSERT INTO orders VALUES (1, {'day': DATE '2024-01-01'})");
    sql.execute("INSERT INTO orders VALUES (2, {'day': DATE '2025-01-01'})");
    alone.loadTable(ORDERS).updateSchema().renameColumn("at.day", "date").commit();
    assertPlannedAlike(Expressions.lessThan("at.date", "2024-06-01"));
    assertThat(
            ScanPlans.planned(
                asking
                    .loadTable(ORDERS)
                    .newScan()
                    .filter(Expressions.lessThan("at.date", "2024-06-01"))))
        .hasSize(1);
  }

  @Test
  void a_client_plans_by_itself_unless_it_asks() {
    Table table = alone.createTable(ORDERS, IcebergCatalogs.ORDERS);
    assertThat(table.newScan().getClass().getSimpleName()).isEqualTo("DataTableScan");
  }
}
