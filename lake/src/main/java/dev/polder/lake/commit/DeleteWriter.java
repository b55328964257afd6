package dev.polder.lake.commit;

import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TableFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.DeleteWriteResult;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.CharSequenceSet;
import org.roaringbitmap.RoaringBitmap;

/**
 * Writes deleted rows as the table's format version wants them: deletion vectors that take over
 * what was deleted before, or a position delete file for each data file. One owner, not
 * thread-safe.
 */
final class DeleteWriter {
  private static final int FIRST_VERSION_WITH_VECTORS = 3;

  private final ScanPlanner planner;
  private final BaseTable table;
  private final FileIO io;
  private final Map<String, TableFiles.Entry> entries = new HashMap<>();
  private final Map<String, RoaringBitmap> rows = new HashMap<>();

  DeleteWriter(ScanPlanner planner, BaseTable table, FileIO io) {
    this.planner = planner;
    this.table = table;
    this.io = io;
  }

  void delete(TableFiles.Entry entry, RoaringBitmap deleted) {
    if (!deleted.isEmpty()) {
      entries.put(entry.file().location(), entry);
      rows.put(entry.file().location(), deleted);
    }
  }

  DeleteWriteResult finish() {
    try {
      return table.operations().current().formatVersion() >= FIRST_VERSION_WITH_VECTORS
          ? vectors()
          : positions();
    } catch (IOException e) {
      throw StorageFailure.of("cannot write deletes", e);
    }
  }

  private DeleteWriteResult vectors() throws IOException {
    BaseDVFileWriter writer =
        new BaseDVFileWriter(
            OutputFileFactory.builderFor(table, 1, 1).format(FileFormat.PUFFIN).build(),
            this::previous);
    try (writer) {
      rows.forEach((path, deleted) -> {
        DataFile file = entry(path).file();
        PartitionSpec spec = table.specs().get(file.specId());
        deleted.forEach((int position) ->
            writer.delete(path, Integer.toUnsignedLong(position), spec, file.partition()));
      });
    }
    return writer.result();
  }

  @SuppressWarnings("NullAway") // Iceberg's function may answer null: no earlier deletes
  private PositionDeleteIndex previous(String path) {
    TableFiles.Entry entry = entry(path);
    return entry.deletes().isEmpty() ? null : planner.positions(entry.file(), entry.deletes());
  }

  private TableFiles.Entry entry(String path) {
    return Objects.requireNonNull(entries.get(path));
  }

  private DeleteWriteResult positions() throws IOException {
    List<DeleteFile> files = new ArrayList<>();
    for (Map.Entry<String, RoaringBitmap> deleted : rows.entrySet()) {
      DataFile file = entry(deleted.getKey()).file();
      PositionDeleteWriter<Void> writer =
          Parquet.writeDeletes(output())
              .createWriterFunc(GenericParquetWriter::create)
              .withSpec(table.specs().get(file.specId()))
              .withPartition(file.partition())
              .buildPositionWriter();
      PositionDelete<Void> row = PositionDelete.create();
      try (writer) {
        deleted
            .getValue()
            .forEach((int position) ->
                writer.write(row.set(deleted.getKey(), Integer.toUnsignedLong(position))));
      }
      files.add(writer.toDeleteFile());
    }
    return new DeleteWriteResult(files, CharSequenceSet.of(rows.keySet()));
  }

  private OutputFile output() {
    return io.newOutputFile(
        table.locationProvider().newDataLocation(UUID.randomUUID() + "-deletes.parquet"));
  }
}
