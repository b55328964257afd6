package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.io.RecordingFileIO;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TableFiles;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.metastore.commit.FileChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * A table's next version, its metadata file written.
 *
 * @param previous the version that it replaces; null for a new table
 * @param io what wrote the version's files
 */
record PreparedTable(
    LakeCollection entry,
    @Nullable TableMetadata previous,
    TableMetadata written,
    List<TableChange> changes,
    RecordingFileIO io) {
  String expectedLocation() {
    return previous == null ? "" : previous.metadataFileLocation();
  }

  boolean unchanged() {
    return Committer.isSame(written, previous);
  }

  /** The ledger's entries: what is new, and what the table's current version no longer names. */
  List<FileChange> files(ScanPlanner planner, FileIO store) {
    Map<String, Long> added = new HashMap<>(io.written());
    Map<String, Long> removed = new HashMap<>();
    boolean rewrites = false;
    for (TableChange change : changes) {
      switch (change) {
        case TableChange.Append append -> add(append.files(), added);
        case TableChange.Rewrite rewrite -> {
          rewrites = true;
          add(rewrite.overwrite().added(), added);
          for (DataFile file : rewrite.overwrite().removed()) {
            removed.put(file.location(), file.fileSizeInBytes());
          }
        }
        case TableChange.Replace ignored -> rewrites = true;
        case TableChange.AlterSchema ignored -> {}
        case TableChange.AlterSpec ignored -> {}
        case TableChange.AlterSortOrder ignored -> {}
        case TableChange.AlterProperties ignored -> {}
      }
    }
    if (previous != null) {
      addReplaced(previous, store, removed);
      if (rewrites) {
        addGone(previous, planner, removed);
      }
    }
    List<FileChange> result = new ArrayList<>();
    added.forEach((path, bytes) -> {
      // A file that this very transaction added and took away again never was the table's.
      if (removed.remove(path) == null) {
        result.add(FileChange.added(entry.id(), path, bytes));
      }
    });
    removed.forEach((path, bytes) -> result.add(FileChange.removed(entry.id(), path, bytes)));
    return result;
  }

  private static void add(List<DataFileSpec> files, Map<String, Long> added) {
    files.forEach(file -> added.put(file.path(), file.fileSize()));
  }

  private void addReplaced(TableMetadata old, FileIO store, Map<String, Long> removed) {
    String metadata = old.metadataFileLocation();
    removed.put(metadata, store.newInputFile(metadata).getLength());
    Snapshot was = old.currentSnapshot();
    Snapshot is = written.currentSnapshot();
    if (was == null || (is != null && is.snapshotId() == was.snapshotId())) {
      return;
    }
    String list = was.manifestListLocation();
    if (list != null) {
      removed.put(list, store.newInputFile(list).getLength());
    }
    Set<String> kept = new HashSet<>();
    if (is != null) {
      is.allManifests(store).forEach(manifest -> kept.add(manifest.path()));
    }
    for (ManifestFile manifest : was.allManifests(store)) {
      if (!kept.contains(manifest.path())) {
        removed.put(manifest.path(), manifest.length());
      }
    }
  }

  private void addGone(TableMetadata old, ScanPlanner planner, Map<String, Long> removed) {
    TableFiles before = planner.files(TableState.of(entry.id(), old, old.metadataFileLocation()));
    TableFiles after =
        planner.files(TableState.of(entry.id(), written, written.metadataFileLocation()));
    Set<String> kept = new HashSet<>();
    after.entries().forEach(file -> kept.add(file.file().location()));
    after.deletes().forEach(file -> kept.add(file.location()));
    for (TableFiles.Entry file : before.entries()) {
      if (!kept.contains(file.file().location())) {
        removed.put(file.file().location(), file.file().fileSizeInBytes());
      }
    }
    for (DeleteFile file : before.deletes()) {
      if (!kept.contains(file.location())) {
        removed.put(file.location(), file.fileSizeInBytes());
      }
    }
  }
}
