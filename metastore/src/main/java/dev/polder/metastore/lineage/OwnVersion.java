package dev.polder.metastore.lineage;

import dev.polder.metastore.commit.FileChange;
import java.util.List;

/**
 * The files by which a database that takes a commit over has one of its tables or views. Immutable.
 *
 * @param icebergUuid its identity, where it is new here
 * @param location the directory of its files, where it is new here
 * @param files what is added and removed; the collection named in them is the source's
 */
public record OwnVersion(
    String icebergUuid, String location, String metadataLocation, List<FileChange> files) {
  public OwnVersion {
    files = List.copyOf(files);
  }
}
