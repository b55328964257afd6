package dev.polder.lake;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.CloneRequest;
import dev.polder.lake.lineage.SnapshotFiles;
import dev.polder.lake.lineage.TenantMoves;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.lake.write.ColumnMetrics;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.commit.CondemnedFile;
import dev.polder.metastore.commit.Usage;
import dev.polder.metastore.lineage.TenantMove;
import dev.polder.model.DatabaseName;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.roaringbitmap.RoaringBitmap;

/** A lake on real files and a real metastore, with writers and readers that need no engine. */
final class TestLake implements AutoCloseable {
  static final Schema PEOPLE =
      new Schema(
          Types.NestedField.optional(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()));
  static final TableRef T = TableRef.of("main", "t");
  static final TableRef U = TableRef.of("main", "u");

  final Metastore metastore;
  final Lake lake;
  final SpaceKey space;

  TestLake(Path directory) {
    this(directory, LakeOptions.DEFAULT);
  }

  TestLake(Path directory, LakeOptions options) {
    this(sqlite(directory), Warehouse.local(directory.resolve("warehouse")), options);
  }

  TestLake(Metastore metastore, Path directory) {
    this(metastore, Warehouse.local(directory.resolve("warehouse")));
  }

  TestLake(Path directory, Warehouse warehouse) {
    this(sqlite(directory), warehouse);
  }

  TestLake(Metastore metastore, Warehouse warehouse) {
    this(metastore, warehouse, LakeOptions.DEFAULT);
  }

  private TestLake(Metastore metastore, Warehouse warehouse, LakeOptions options) {
    this.metastore = metastore;
    lake = new Lake(metastore, warehouse, ids(), options);
    space =
        metastore.write(tx -> {
          DatabaseName name = new DatabaseName("db");
          if (tx.databases().find(name).isPresent()) {
            return new SpaceKey(tx.databases().get(name).id(), TenantId.DEFAULT);
          }
          SpaceKey key =
              new SpaceKey(
                  tx.databases().create(name, DatabaseKind.LAKE, Map.of()).id(), TenantId.DEFAULT);
          tx.spaces().create(key);
          return key;
        });
  }

  private TestLake(TestLake other, SpaceKey space) {
    this.metastore = other.metastore;
    this.lake = other.lake;
    this.space = space;
  }

  /** The same lake, seen from another space; the original owns and closes it. */
  TestLake in(SpaceKey other) {
    return new TestLake(this, other);
  }

  private static IdSource ids() {
    return IdSource.timeOrdered(Clock.systemUTC());
  }

  private static Metastore sqlite(Path directory) {
    return SqliteMetastore.open(directory.resolve("metastore.db"), Clock.systemUTC(), ids());
  }

  /** A clone of the space's database, in which the space's tenant works. */
  TestLake cloned(String name) {
    return metastore.write(tx ->
        in(
            new SpaceKey(
                lake.clones()
                    .create(
                        tx,
                        new CloneRequest(
                            tx.databases().get(space.database()).name(),
                            new DatabaseName(name),
                            Optional.empty(),
                            Optional.empty(),
                            TenantId.DEFAULT))
                    .id(),
                space.tenant())));
  }

  /** The tenant's space of a new database of that name, after it moved there. */
  TestLake moved(String name) {
    SpaceKey to =
        metastore.write(tx ->
            new SpaceKey(
                tx.databases().create(new DatabaseName(name), DatabaseKind.LAKE, Map.of()).id(),
                space.tenant()));
    move(to);
    return in(to);
  }

  void move(SpaceKey to) {
    TenantMove move = beginMove(to);
    try {
      cutOver(move);
    } catch (PolderException e) {
      undo(move, e.getMessage());
      throw e;
    }
  }

  void undo(TenantMove move, String reason) {
    metastore.write(tx -> {
      TenantMoves.undo(tx, tx.moves().find(move.job()).orElseThrow(), reason);
      return tx.jobs().fail(move.job(), "test", reason);
    });
  }

  /** Takes the space; its job is the one that is running. */
  TenantMove beginMove(SpaceKey to) {
    return metastore.write(tx ->
        TenantMoves.begin(
            tx,
            tx.jobs().start("move_tenant", "", Optional.empty(), "test", Long.MAX_VALUE / 2).id(),
            space,
            to,
            Optional.empty(),
            Duration.ofMinutes(1)));
  }

  /** Goes through all phases. */
  void cutOver(TenantMove begun) {
    TenantMove checked = metastore.write(tx -> TenantMoves.preflight(tx, begun));
    TenantMove drained = metastore.write(tx -> TenantMoves.drained(tx, checked));
    SnapshotFiles.requireAll(
        lake.warehouse(), metastore.read(tx -> TenantMoves.snapshot(tx, drained)));
    TenantMove ready = metastore.write(tx -> TenantMoves.snapshotted(tx, drained));
    metastore.write(tx -> {
      TenantMoves.cutOver(tx, ready);
      tx.moves().end(ready.source());
      return tx.jobs().complete(ready.job(), "test");
    });
  }

  LakeTransaction begin() {
    return begin(IsolationLevel.SNAPSHOT);
  }

  LakeTransaction begin(IsolationLevel isolation) {
    long seq = metastore.read(tx -> lake.snapshot(tx, space).seq());
    return lake.begin(space, seq, isolation);
  }

  Committed inTransaction(Consumer<LakeTransaction> work) {
    try (LakeTransaction tx = begin()) {
      work.accept(tx);
      return tx.commit(CommitNote.of("test"));
    }
  }

  LakeCollection create(TableRef ref, TableDefinition definition) {
    inTransaction(tx -> tx.createTable(ref, definition));
    return find(ref);
  }

  LakeCollection find(TableRef ref) {
    return metastore.read(tx -> lake.snapshot(tx, space).find(ref)).orElseThrow();
  }

  LakeCollection find(LakeTransaction tx, TableRef ref) {
    return tx.snapshot().find(ref).orElseThrow();
  }

  /** Writes a Parquet file as another engine would and describes it with its own metrics. */
  DataFileSpec write(TableState table, List<Object> partition, Object[]... rows) {
    return write(table, table.schema(), partition, rows);
  }

  DataFileSpec write(TableState table, Schema schema, List<Object> partition, Object[]... rows) {
    String location = table.location() + "/data/" + UUID.randomUUID() + ".parquet";
    GenericRecord template = GenericRecord.create(schema);
    FileAppender<Record> appender;
    try {
      appender =
          Parquet.write(lake.warehouse().io().newOutputFile(location))
              .schema(schema)
              .createWriterFunc(GenericParquetWriter::create)
              .build();
      try (appender) {
        for (Object[] row : rows) {
          Record record = template.copy();
          for (int i = 0; i < row.length; i++) {
            record.set(i, row[i]);
          }
          appender.add(record);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new DataFileSpec(
        location,
        rows.length,
        appender.length(),
        appender.splitOffsets(),
        columns(schema, appender.metrics()),
        partition,
        table.spec().specId(),
        0);
  }

  private static List<ColumnMetrics> columns(Schema schema, Metrics metrics) {
    List<ColumnMetrics> columns = new ArrayList<>();
    metrics
        .columnSizes()
        .forEach((id, size) -> {
          var type = schema.findType(id);
          var lower = metrics.lowerBounds().get(id);
          var upper = metrics.upperBounds().get(id);
          columns.add(
              new ColumnMetrics(
                  id,
                  size,
                  metrics.valueCounts().getOrDefault(id, -1L),
                  metrics.nullValueCounts().getOrDefault(id, -1L),
                  metrics.nanValueCounts().getOrDefault(id, -1L),
                  lower == null ? null : Conversions.fromByteBuffer(type, lower),
                  upper == null ? null : Conversions.fromByteBuffer(type, upper),
                  true,
                  true));
        });
    return columns;
  }

  /** The sizes of all files that commits ever added. */
  Map<String, Long> ledger() {
    Map<String, Long> files = new HashMap<>();
    metastore
        .read(tx -> tx.storage().files(space.database(), 0, Long.MAX_VALUE))
        .forEach(file -> files.put(file.change().path(), file.change().bytes()));
    return files;
  }

  Usage usage() {
    return metastore.read(tx -> tx.storage().usage(space));
  }

  List<String> condemned() {
    return metastore
        .read(tx -> tx.storage().condemned(Long.MAX_VALUE, Optional.empty(), 10_000))
        .stream()
        .map(CondemnedFile::path)
        .toList();
  }

  static Object[] row(Object... values) {
    return values;
  }

  /** Appends one file in a transaction of its own. */
  Committed append(TableRef ref, Object[]... rows) {
    return inTransaction(tx -> {
      LakeCollection table = find(tx, ref);
      tx.append(table, List.of(write(tx.tableState(table), List.of(), rows)));
    });
  }

  /** Marks a row of the table's first file as deleted. */
  void delete(TableRef ref, int position) {
    inTransaction(tx -> {
      LakeCollection table = find(tx, ref);
      tx.overwrite(
          table,
          new Overwrite(
              List.of(),
              List.of(),
              Map.of(
                  tx.plan(table, LakeFilter.ALL).files().getFirst().dataFile(),
                  RoaringBitmap.bitmapOf(position)),
              LakeFilter.ALL));
    });
  }

  List<List<Object>> rows(TableRef ref) {
    return rows(lake.load(find(ref)), LakeFilter.ALL);
  }

  List<List<Object>> rows(TableState table, LakeFilter filter) {
    return rows(table.schema(), lake.plan(table, filter));
  }

  /** Reads a plan with Iceberg's own reader, deletes applied. */
  List<List<Object>> rows(Schema schema, ScanPlan plan) {
    List<List<Object>> rows = new ArrayList<>();
    for (PlannedFile file : plan.files()) {
      RoaringBitmap deleted =
          file.deletes().map(deletes -> deletes.positions()).orElseGet(RoaringBitmap::new);
      int position = 0;
      try (CloseableIterable<Record> records =
          Parquet.read(lake.warehouse().io().newInputFile(file.path()))
              .project(schema)
              .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
              .build()) {
        for (Record record : records) {
          if (!deleted.contains(position++)) {
            List<Object> row = new ArrayList<>();
            for (int i = 0; i < schema.columns().size(); i++) {
              row.add(record.get(i));
            }
            rows.add(row);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return rows;
  }

  @Override
  public void close() {
    lake.close();
    metastore.close();
  }
}
