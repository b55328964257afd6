package dev.polder.lake.commit;

import dev.polder.lake.io.RecordingFileIO;
import dev.polder.metastore.Metastore;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
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
  private final Map<CollectionId, List<RecordingFileIO>> lost = new HashMap<>();
  private final Map<CollectionId, List<RecordingFileIO>> attempt = new HashMap<>();

  Garbage(Metastore metastore, SpaceKey space) {
    this.metastore = metastore;
    this.space = space;
  }

  void watch(CollectionId id, RecordingFileIO io) {
    List<RecordingFileIO> watched = attempt.computeIfAbsent(id, ignored -> new ArrayList<>());
    if (!watched.contains(io)) {
      watched.add(io);
    }
  }

  /** What was written for a version that will not be. */
  void lose(CollectionId id, RecordingFileIO io) {
    lost.computeIfAbsent(id, ignored -> new ArrayList<>()).add(io);
  }

  /** What the attempt wrote is of no use any more. */
  void nextAttempt() {
    attempt.forEach(
        (id, written) -> lost.computeIfAbsent(id, ignored -> new ArrayList<>()).addAll(written));
    attempt.clear();
  }

  /** The last attempt's files are the table's now. */
  void keepLast() {
    attempt.forEach((id, written) -> {
      List<RecordingFileIO> former = lost.get(id);
      if (former != null) {
        former.removeAll(written);
      }
    });
    attempt.clear();
  }

  void condemn() {
    nextAttempt();
    Map<CollectionId, Set<String>> paths = new HashMap<>();
    lost.forEach((id, written) -> {
      Set<String> files = new TreeSet<>();
      written.forEach(io -> files.addAll(io.written().keySet()));
      if (!files.isEmpty()) {
        paths.put(id, files);
      }
    });
    if (!paths.isEmpty()) {
      metastore.write(tx -> {
        paths.forEach((id, files) -> tx.storage().condemn(space.database(), id, files));
        return true;
      });
    }
  }

  /** Condemns unless the commit may have landed in spite of the failure. */
  void condemnAfter(PolderException failure) {
    boolean unknown =
        failure.code() == ErrorCode.COMMIT_STATE_UNKNOWN
            || failure.code() == ErrorCode.METASTORE_UNAVAILABLE;
    if (unknown) {
      return;
    }
    try {
      condemn();
    } catch (PolderException e) {
      failure.addSuppressed(e);
    }
  }
}
