package dev.polder.metastore.commit;

import dev.polder.model.CollectionId;

/** A file that a commit adds to or removes from the current state of a collection. Immutable. */
public record FileChange(CollectionId collection, Kind kind, String path, long bytes) {
  /** Which of the two. */
  public enum Kind {
    ADDED,
    REMOVED
  }

  public static FileChange added(CollectionId collection, String path, long bytes) {
    return new FileChange(collection, Kind.ADDED, path, bytes);
  }

  public static FileChange removed(CollectionId collection, String path, long bytes) {
    return new FileChange(collection, Kind.REMOVED, path, bytes);
  }
}
