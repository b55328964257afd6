package dev.polder.lake;

import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.VersionedCollection;
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
  public boolean isView() {
    return kind == CollectionKind.VIEW;
  }

  /** The same version under the commit that made it. */
  public LakeCollection withSeq(long commit) {
    return new LakeCollection(
        id, space, schema, ref, kind, uuid, location, metadataLocation, commit);
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
