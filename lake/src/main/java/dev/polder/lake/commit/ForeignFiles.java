package dev.polder.lake.commit;

import dev.polder.lake.TableState;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TableFiles;
import dev.polder.metastore.commit.FileChange;
import dev.polder.model.CollectionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/** The data and delete files by which two versions of a table differ, whoever wrote them. */
final class ForeignFiles {
  private ForeignFiles() {}

  static List<FileChange> added(
      ScanPlanner planner, CollectionId id, @Nullable TableMetadata before, TableMetadata after) {
    Map<String, Long> old = before == null ? Map.of() : files(planner, id, before);
    Map<String, Long> current = files(planner, id, after);
    List<FileChange> changes = new ArrayList<>();
    current.forEach((path, bytes) -> {
      if (!old.containsKey(path)) {
        changes.add(FileChange.added(id, path, bytes));
      }
    });
    old.forEach((path, bytes) -> {
      if (!current.containsKey(path)) {
        changes.add(FileChange.removed(id, path, bytes));
      }
    });
    return changes;
  }

  private static Map<String, Long> files(
      ScanPlanner planner, CollectionId id, TableMetadata metadata) {
    TableFiles files = planner.files(TableState.of(id, metadata, metadata.metadataFileLocation()));
    Map<String, Long> sizes = new HashMap<>();
    files
        .entries()
        .forEach(entry -> sizes.put(entry.file().location(), entry.file().fileSizeInBytes()));
    files.deletes().forEach(file -> sizes.put(file.location(), file.fileSizeInBytes()));
    return sizes;
  }
}
