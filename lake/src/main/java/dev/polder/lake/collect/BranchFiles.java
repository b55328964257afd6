package dev.polder.lake.collect;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TableFiles;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.model.CollectionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/**
 * The files that branches and tags name, which other engines may have given a table: commits tell
 * only of the files of the current snapshot. One owner, for one run.
 */
final class BranchFiles {
  private final Metastore metastore;
  private final MetadataFiles metadata;
  private final ScanPlanner planner;
  private final FileIO io;
  private final Map<CollectionId, CollectionId> roots = new HashMap<>();
  private final Map<CollectionId, Set<String>> known = new HashMap<>();

  BranchFiles(Metastore metastore, MetadataFiles metadata, ScanPlanner planner, FileIO io) {
    this.metastore = metastore;
    this.metadata = metadata;
    this.planner = planner;
    this.io = io;
  }

  /** Those that anything names that may share files with the collection, as it is now. */
  Set<String> of(CollectionId collection) {
    CollectionId root =
        roots.computeIfAbsent(collection, id -> metastore.read(tx -> tx.collect().root(id)));
    Set<String> files = known.get(root);
    if (files == null) {
      files = new HashSet<>();
      for (CollectionEntry entry : metastore.read(tx -> tx.collect().family(root))) {
        if (LakeCollection.of(entry).isTable()) {
          add(LakeCollection.of(entry), files);
        }
      }
      known.put(root, files);
    }
    return files;
  }

  private void add(LakeCollection table, Set<String> files) {
    TableMetadata current = metadata.table(table);
    if (current.refs().size() < 2) {
      return;
    }
    TableState state = TableState.of(table.id(), current, table.metadataLocation());
    List<SnapshotRef> refs = new ArrayList<>(current.refs().values());
    for (SnapshotRef ref : refs) {
      Snapshot snapshot = current.snapshot(ref.snapshotId());
      files.add(snapshot.manifestListLocation());
      snapshot.allManifests(io).forEach(manifest -> files.add(manifest.path()));
      TableFiles live = planner.files(state.asOf(ref.snapshotId()));
      live.entries().forEach(entry -> files.add(entry.file().location()));
      live.deletes().forEach(file -> files.add(file.location()));
    }
  }
}
