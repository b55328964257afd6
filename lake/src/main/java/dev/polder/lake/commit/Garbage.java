package dev.polder.lake.commit;

import dev.polder.lake.io.RecordingFileIO;
import dev.polder.metastore.Metastore;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files that a commit's attempts wrote. Those that no committed version names are condemned,
 * not deleted: deleting is the collector's work alone. One owner, not thread-safe.
 */
final class Garbage {
  private final Metastore metastore;
  private final SpaceKey space;
  private final Map<CollectionId, List<RecordingFileIO>> written = new HashMap<>();
  private final Map<CollectionId, Set<String>> offered = new HashMap<>();
  private final Set<String> committed = new HashSet<>();

  Garbage(Metastore metastore, SpaceKey space) {
    this.metastore = metastore;
    this.space = space;
  }

  /** What is written through the store is of no use unless the table keeps it. */
  void watch(CollectionId id, RecordingFileIO io) {
    List<RecordingFileIO> watched = written.computeIfAbsent(id, ignored -> new ArrayList<>());
    if (!watched.contains(io)) {
      watched.add(io);
    }
  }

  /** All that was done to the table: its metadata files and its data files. */
  void watch(TableWork work) {
    watch(work.entry().id(), work.io());
    offered.computeIfAbsent(work.entry().id(), ignored -> new HashSet<>()).addAll(work.offered());
  }

  /** Notes what a part that was committed names, whatever becomes of the rest. */
  void keep(Set<String> paths) {
    committed.addAll(paths);
  }

  /**
   * Condemns everything but what was committed.
   *
   * @param kept locations that a committed version or the ledger names
   */
  void condemnBut(Set<String> kept) {
    Map<CollectionId, Set<String>> paths = new HashMap<>();
    written.forEach((id, all) -> {
      Set<String> files = paths.computeIfAbsent(id, ignored -> new TreeSet<>());
      all.forEach(io -> files.addAll(io.written().keySet()));
    });
    offered.forEach(
        (id, files) -> paths.computeIfAbsent(id, ignored -> new TreeSet<>()).addAll(files));
    paths
        .values()
        .forEach(files -> {
          files.removeAll(kept);
          files.removeAll(committed);
        });
    paths.values().removeIf(Set::isEmpty);
    if (!paths.isEmpty()) {
      metastore.write(tx -> {
        paths.forEach((id, files) -> tx.storage().condemn(space.database(), id, files));
        return true;
      });
    }
  }

  void condemn() {
    condemnBut(Set.of());
  }

  /** Condemns unless the commit may have landed in spite of the failure. */
  void condemnAfter(PolderException failure) {
    if (mayHaveLanded(failure)) {
      return;
    }
    try {
      condemn();
    } catch (PolderException e) {
      failure.addSuppressed(e);
    }
  }

  /** Whether a commit that failed so may have been made all the same. */
  static boolean mayHaveLanded(PolderException failure) {
    return failure.code() == ErrorCode.COMMIT_STATE_UNKNOWN
        || failure.code() == ErrorCode.METASTORE_UNAVAILABLE;
  }
}
