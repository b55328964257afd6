package dev.polder.metastore.mirror;

import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.OwnVersion;
import java.util.Map;

/**
 * A commit of another server that a mirror here holds the files of, and does not show yet.
 * Immutable.
 *
 * @param own the files of all collections in it but those that it drops, by the source's ids
 * @param base what the collections' metadata files were here, by the source's ids; empty: none
 */
public record StagedCommit(
    String offer, DatabaseCommit content, Map<String, OwnVersion> own, Map<String, String> base) {
  public StagedCommit {
    own = Map.copyOf(own);
    base = Map.copyOf(base);
  }
}
