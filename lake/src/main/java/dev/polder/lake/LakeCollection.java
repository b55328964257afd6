package dev.polder.lake;

import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.VersionedCollection;
import dev.polder.metastore.commit.FileChange;
import dev.polder.model.CollectionId;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.UUID;

/**
 * A table or view as of one commit: who it is and where its metadata lies. Immutable; the metadata
 * file it names never changes.
 *
 * @param uuid the Iceberg UUID, which a clone does not share with its source
 * @param location the directory that holds its files
 * @param metadataLocation empty text for one that a transaction has created and not committed
 * @param seq the database's commit that made this version; of one that is not committed, the commit
 *     that the transaction reads at
 */
public record LakeCollection(
    CollectionId id,
    SpaceKey space,
    SchemaId schema,
    TableRef ref,
    CollectionKind kind,
    UUID uuid,
    String location,
    String metadataLocation,
    long seq) {
  private static final long BEFORE_ITS_FIRST_ROW = -1;

  public boolean isTable() {
    return kind == CollectionKind.TABLE;
  }

  public boolean isView() {
    return kind == CollectionKind.VIEW;
  }

  /** The ledger's entry for a file that the collection now names. */
  public FileChange added(String path, long bytes) {
    return owns(path) ? FileChange.added(id, path, bytes) : FileChange.shared(id, path, bytes);
  }

  /** The ledger's entry for a file that the collection no longer names. */
  public FileChange removed(String path, long bytes) {
    return owns(path) ? FileChange.removed(id, path, bytes) : FileChange.released(id, path, bytes);
  }

  /** Whether a file is the collection's own; a clone begins with its source's. */
  private boolean owns(String path) {
    return path.startsWith(location + "/");
  }

  /** The table before anything was in it, named and shaped as it is now. */
  public LakeCollection beforeItsFirstRow() {
    return withSeq(BEFORE_ITS_FIRST_ROW);
  }

  boolean isBeforeItsFirstRow() {
    return seq == BEFORE_ITS_FIRST_ROW;
  }

  /** The same version under the commit that made it. */
  public LakeCollection withSeq(long commit) {
    return at(metadataLocation, commit);
  }

  /** Another version of the same table or view. */
  public LakeCollection at(String metadata, long commit) {
    return new LakeCollection(id, space, schema, ref, kind, uuid, location, metadata, commit);
  }

  public static LakeCollection of(CollectionEntry entry) {
    return new LakeCollection(
        entry.id(),
        entry.space(),
        entry.schema(),
        entry.ref(),
        entry.kind(),
        UUID.fromString(entry.icebergUuid()),
        entry.location(),
        entry.metadataLocation(),
        entry.versionSeq());
  }

  public static LakeCollection of(VersionedCollection entry) {
    return new LakeCollection(
        entry.id(),
        entry.space(),
        entry.schema(),
        entry.ref(),
        entry.kind(),
        UUID.fromString(entry.icebergUuid()),
        entry.location(),
        entry.metadataLocation(),
        entry.seq());
  }
}
