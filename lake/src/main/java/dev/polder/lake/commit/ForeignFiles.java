package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TableFiles;
import dev.polder.metastore.commit.FileChange;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The files by which two versions of a table differ, whoever wrote them: data, deletes, manifests
 * and manifest lists. New ones must be there and lie below the tenant's prefix.
 */
final class ForeignFiles {
  private final ScanPlanner planner;
  private final Warehouse warehouse;
  private final LakeCollection table;

  ForeignFiles(ScanPlanner planner, Warehouse warehouse, LakeCollection table) {
    this.planner = planner;
    this.warehouse = warehouse;
    this.table = table;
  }

  /**
   * The ledger's entries, but for metadata files, and manifests that the newer version replaced.
   */
  List<FileChange> changes(@Nullable TableMetadata before, TableMetadata after) {
    Map<String, Long> old = before == null ? Map.of() : content(before);
    Map<String, Long> current = content(after);
    List<FileChange> changes = new ArrayList<>();
    current.forEach((path, bytes) -> {
      if (!old.containsKey(path)) {
        verify(path, bytes);
        changes.add(table.added(path, bytes));
      }
    });
    old.forEach((path, bytes) -> {
      if (!current.containsKey(path)) {
        changes.add(table.removed(path, bytes));
      }
    });
    addMetadata(before, after, changes);
    return changes;
  }

  /** What only a snapshot in between names is new and at once replaced. */
  private void addMetadata(
      @Nullable TableMetadata before, TableMetadata after, List<FileChange> changes) {
    Map<String, Long> added = new TreeMap<>();
    for (Snapshot snapshot : after.snapshots()) {
      if (before == null || before.snapshot(snapshot.snapshotId()) == null) {
        added.putAll(manifests(snapshot));
      }
    }
    if (before != null) {
      before.snapshots().stream()
          .filter(snapshot -> after.snapshot(snapshot.snapshotId()) != null)
          .forEach(snapshot -> added.keySet().removeAll(manifests(snapshot).keySet()));
      Snapshot was = before.currentSnapshot();
      if (was != null) {
        added.keySet().removeAll(manifests(was).keySet());
      }
    }
    Snapshot is = after.currentSnapshot();
    Map<String, Long> current = is == null ? Map.of() : manifests(is);
    added.forEach((path, bytes) -> {
      changes.add(table.added(path, bytes));
      if (!current.containsKey(path)) {
        changes.add(table.removed(path, bytes));
      }
    });
  }

  private Map<String, Long> manifests(Snapshot snapshot) {
    Map<String, Long> files = new TreeMap<>();
    String list = snapshot.manifestListLocation();
    if (list != null) {
      files.put(list, warehouse.size(list));
    }
    for (ManifestFile manifest : snapshot.allManifests(warehouse.io())) {
      files.put(manifest.path(), manifest.length());
    }
    return files;
  }

  private void verify(String path, long bytes) {
    if (!path.startsWith(warehouse.tenantRoot(table.space()) + "/")) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "data file " + path + " does not lie in the tenant's part of the warehouse");
    }
    long size = warehouse.size(path);
    if (size != bytes) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR,
          "data file " + path + " has " + size + " bytes, not " + bytes + " as its entry says");
    }
  }

  private Map<String, Long> content(TableMetadata metadata) {
    String version = metadata.metadataFileLocation();
    TableFiles files = planner.files(TableState.of(table.id(), metadata, version));
    Map<String, Long> sizes = new TreeMap<>();
    files.entries().forEach(entry -> put(sizes, entry.file()));
    files.deletes().forEach(file -> put(sizes, file));
    return sizes;
  }

  private static void put(Map<String, Long> sizes, ContentFile<?> file) {
    sizes.put(file.location(), file.fileSizeInBytes());
  }
}
