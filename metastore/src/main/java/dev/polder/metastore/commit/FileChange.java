package dev.polder.metastore.commit;

import dev.polder.model.CollectionId;

/**
 * A file that a commit adds to or removes from the current state of a collection. A file that lies
 * at another collection's location, as a clone's first ones do, is shared and released instead: it
 * is charged there. Immutable.
 */
public record FileChange(CollectionId collection, Kind kind, String path, long bytes) {
  /** What happens to it. */
  public enum Kind {
    ADDED,
    REMOVED,
    SHARED,
    RELEASED
  }

  public static FileChange added(CollectionId collection, String path, long bytes) {
    return new FileChange(collection, Kind.ADDED, path, bytes);
  }

  public static FileChange removed(CollectionId collection, String path, long bytes) {
    return new FileChange(collection, Kind.REMOVED, path, bytes);
  }

  public static FileChange shared(CollectionId collection, String path, long bytes) {
    return new FileChange(collection, Kind.SHARED, path, bytes);
  }

  public static FileChange released(CollectionId collection, String path, long bytes) {
    return new FileChange(collection, Kind.RELEASED, path, bytes);
  }
}
