package dev.polder.lake.commit;

import dev.polder.lake.Overwrite;
import dev.polder.lake.TableState;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TableFiles;
import dev.polder.lake.write.DataFileConverter;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.model.CollectionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.io.DeleteWriteResult;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.metrics.MetricsReporter;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.DataFileSet;
import org.apache.iceberg.util.DeleteFileSet;

/** Applies changes to a table's metadata with Iceberg's own operations. Thread-safe. */
final class ChangeApplier {
  private static final MetricsReporter SILENT = report -> {};

  private final ScanPlanner planner;
  private final TableDefaults defaults;
  private final ExecutorService workers;

  /**
   * Applies changes to tables in one store.
   *
   * @param workers what reads and writes several manifests at once
   */
  ChangeApplier(ScanPlanner planner, TableDefaults defaults, ExecutorService workers) {
    this.planner = planner;
    this.defaults = defaults;
    this.workers = workers;
  }

  /** The table after the change; what it writes goes through the given store. */
  TableMetadata apply(CollectionId id, TableMetadata base, TableChange change, FileIO io) {
    StagedOperations operations = new StagedOperations(base, io);
    BaseTable table = new BaseTable(operations, id.value(), SILENT);
    switch (change) {
      case TableChange.Append append -> append(table, base, append.files());
      case TableChange.Rewrite rewrite -> rewrite(table, id, base, rewrite.overwrite(), io);
      case TableChange.AlterSchema alter -> {
        var update = table.updateSchema();
        alter.change().accept(update);
        update.commit();
        NotNullProof.require(base.schema(), operations.current().schema(), entries(id, base));
      }
      case TableChange.AlterSpec alter -> {
        var update = table.updateSpec();
        alter.change().accept(update);
        update.commit();
      }
      case TableChange.AlterSortOrder alter -> {
        var update = table.replaceSortOrder();
        alter.change().accept(update);
        update.commit();
      }
      case TableChange.AlterProperties alter -> {
        UpdateProperties update = table.updateProperties();
        alter.set().forEach(update::set);
        alter.removed().stream()
            .filter(key -> !alter.set().containsKey(key))
            .forEach(update::remove);
        update.commit();
      }
      case TableChange.Replace replace -> {
        TableMetadata replaced =
            base.buildReplacement(
                replace.definition().schema(),
                replace.definition().spec(),
                replace.definition().sortOrder(),
                base.location(),
                defaults.properties(replace.definition()));
        operations.commit(base, replaced);
      }
    }
    return operations.current();
  }

  private void append(BaseTable table, TableMetadata base, List<DataFileSpec> files) {
    DataFileConverter converter = new DataFileConverter(base);
    AppendFiles append = withWorkers(table.newAppend());
    files.forEach(file -> append.appendFile(converted(converter, base, file)));
    append.commit();
  }

  private List<TableFiles.Entry> entries(CollectionId id, TableMetadata base) {
    return planner.files(TableState.of(id, base, id + "/" + UUID.randomUUID())).entries();
  }

  private static DataFile converted(
      DataFileConverter converter, TableMetadata base, DataFileSpec spec) {
    DataFile file = converter.convert(spec);
    NotNullProof.check(base.schema(), file);
    return file;
  }

  private <T extends SnapshotUpdate<T>> T withWorkers(T update) {
    return update.scanManifestsWith(workers).writeManifestsWith(workers, 1);
  }

  private void rewrite(
      BaseTable table, CollectionId id, TableMetadata base, Overwrite overwrite, FileIO io) {
    DataFileConverter converter = new DataFileConverter(base);
    Map<String, TableFiles.Entry> entries = new HashMap<>();
    for (TableFiles.Entry entry : entries(id, base)) {
      entries.put(entry.file().location(), entry);
    }
    DataFileSet removed = DataFileSet.create();
    DeleteFileSet dangling = DeleteFileSet.create();
    for (DataFile file : overwrite.removed()) {
      TableFiles.Entry entry = present(entries, file);
      removed.add(entry.file());
      entry.deletes().stream().filter(ContentFileUtil::isFileScoped).forEach(dangling::add);
    }
    if (overwrite.deletedRows().isEmpty()) {
      OverwriteFiles update = withWorkers(table.newOverwrite()).deleteFiles(removed, dangling);
      overwrite.added().forEach(file -> update.addFile(converted(converter, base, file)));
      update.commit();
      return;
    }
    RowDelta update = withWorkers(table.newRowDelta());
    Snapshot current = base.currentSnapshot();
    if (current != null) {
      update.validateFromSnapshot(current.snapshotId());
    }
    overwrite.added().forEach(file -> update.addRows(converted(converter, base, file)));
    removed.forEach(update::removeRows);
    dangling.forEach(update::removeDeletes);
    DeleteWriter writer = new DeleteWriter(planner, table, io);
    overwrite.deletedRows().forEach((file, rows) -> writer.delete(present(entries, file), rows));
    DeleteWriteResult result = writer.finish();
    for (DeleteFile file : result.deleteFiles()) {
      update.addDeletes(file);
    }
    for (DeleteFile file : result.rewrittenDeleteFiles()) {
      update.removeDeletes(file);
    }
    update.commit();
  }

  private static TableFiles.Entry present(Map<String, TableFiles.Entry> entries, DataFile file) {
    TableFiles.Entry entry = entries.get(file.location());
    if (entry == null) {
      throw Conflict.of("the file " + file.location() + " is no longer part of the table");
    }
    return entry;
  }
}
