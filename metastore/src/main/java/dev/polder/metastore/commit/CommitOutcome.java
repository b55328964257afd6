package dev.polder.metastore.commit;

import dev.polder.model.CollectionId;
import java.util.Optional;

/** How a commit ended. Immutable. */
public sealed interface CommitOutcome {
  /** All of it holds. */
  record Committed(long seq, long committedAt) implements CommitOutcome {}

  /**
   * Nothing was changed: the collection was not at the version that the request expected.
   *
   * @param currentMetadataLocation empty: it was dropped or never there
   */
  record Conflict(CollectionId collection, Optional<String> currentMetadataLocation)
      implements CommitOutcome {}
}
