package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.io.RecordingFileIO;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TableFiles;
import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.metastore.commit.FileChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
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

  /** The statement that a commit counts as which another engine made; empty if no row changed. */
  Optional<AuditedStatement> changedRows(CommitNote note) {
    Set<Long> known = new HashSet<>();
    if (previous != null) {
      previous.snapshots().forEach(snapshot -> known.add(snapshot.snapshotId()));
    }
    List<Snapshot> changes =
        written.snapshots().stream()
            .filter(snapshot -> !known.contains(snapshot.snapshotId()))
            .filter(snapshot -> !DataOperations.REPLACE.equals(snapshot.operation()))
            .toList();
    long rows =
        changes.stream()
            .mapToLong(snapshot ->
                count(snapshot, SnapshotSummary.ADDED_RECORDS_PROP)
                    + count(snapshot, SnapshotSummary.DELETED_RECORDS_PROP)
                    + count(snapshot, SnapshotSummary.ADDED_POS_DELETES_PROP)
                    + count(snapshot, SnapshotSummary.ADDED_EQ_DELETES_PROP))
            .sum();
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AuditedStatement(
                note.principal(),
                note.owner(),
                changes.getLast().operation().toUpperCase(Locale.ROOT),
                "",
                rows,
                List.of(entry.ref().toString())));
  }

  private static long count(Snapshot snapshot, String property) {
    return Long.parseLong(snapshot.summary().getOrDefault(property, "0"));
  }

  /** The ledger's entries: what is new, and what the table's current version no longer names. */
  List<FileChange> files(ScanPlanner planner, Warehouse store) {
    Map<String, Long> added = new TreeMap<>(io.written());
    Map<String, Long> removed = new TreeMap<>();
    boolean rewrites = false;
    for (TableChange change : changes) {
      change.added().forEach(file -> added.put(file.path(), file.fileSize()));
      switch (change) {
        case TableChange.Rewrite rewrite -> {
          rewrites = true;
          for (DataFile file : rewrite.overwrite().removed()) {
            removed.put(file.location(), file.fileSizeInBytes());
          }
        }
        case TableChange.Replace ignored -> rewrites = true;
        case TableChange.Append ignored -> {}
        case TableChange.AlterSchema ignored -> {}
        case TableChange.AlterSpec ignored -> {}
        case TableChange.AlterSortOrder ignored -> {}
        case TableChange.AlterProperties ignored -> {}
      }
    }
    addPassing(planner, store.io(), rewrites, added, removed);
    if (previous != null) {
      addReplaced(previous, store, removed);
      if (rewrites) {
        addGone(previous, planner, removed);
      }
    }
    List<FileChange> result = new ArrayList<>();
    added.forEach((path, bytes) -> result.add(entry.added(path, bytes)));
    removed.forEach((path, bytes) -> result.add(entry.removed(path, bytes)));
    return result;
  }

  /** What one step of the transaction wrote and a later one replaced. */
  private void addPassing(
      ScanPlanner planner,
      FileIO store,
      boolean rewrites,
      Map<String, Long> added,
      Map<String, Long> removed) {
    if (changes.size() < 2) {
      return;
    }
    Set<String> current = new HashSet<>();
    current.add(written.metadataFileLocation());
    Snapshot snapshot = written.currentSnapshot();
    if (snapshot != null) {
      current.add(snapshot.manifestListLocation());
      snapshot.allManifests(store).forEach(manifest -> current.add(manifest.path()));
    }
    if (rewrites) {
      TableFiles live = planner.files(state(written));
      live.entries().forEach(file -> current.add(file.file().location()));
      live.deletes().forEach(file -> current.add(file.location()));
    } else {
      changes.forEach(change -> change.added().forEach(file -> current.add(file.path())));
    }
    added.forEach((path, bytes) -> {
      if (!current.contains(path)) {
        removed.put(path, bytes);
      }
    });
  }

  private TableState state(TableMetadata metadata) {
    return TableState.of(entry.id(), metadata, metadata.metadataFileLocation());
  }

  private void addReplaced(TableMetadata old, Warehouse store, Map<String, Long> removed) {
    String metadata = old.metadataFileLocation();
    removed.put(metadata, store.size(metadata));
    Snapshot was = old.currentSnapshot();
    Snapshot is = written.currentSnapshot();
    if (was == null || (is != null && is.snapshotId() == was.snapshotId())) {
      return;
    }
    String list = was.manifestListLocation();
    if (list != null) {
      removed.put(list, store.size(list));
    }
    Set<String> kept = new HashSet<>();
    if (is != null) {
      is.allManifests(store.io()).forEach(manifest -> kept.add(manifest.path()));
    }
    for (ManifestFile manifest : was.allManifests(store.io())) {
      if (!kept.contains(manifest.path())) {
        removed.put(manifest.path(), manifest.length());
      }
    }
  }

  private void addGone(TableMetadata old, ScanPlanner planner, Map<String, Long> removed) {
    TableFiles before = planner.files(state(old));
    TableFiles after = planner.files(state(written));
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
