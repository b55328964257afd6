package dev.polder.lake;

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
    Kind kind,
    UUID uuid,
    String location,
    String metadataLocation,
    long seq) {
  /** What a collection is. */
  public enum Kind {
    TABLE,
    VIEW
  }

  public boolean isView() {
    return kind == Kind.VIEW;
  }
}
