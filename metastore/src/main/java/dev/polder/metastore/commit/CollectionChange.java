package dev.polder.metastore.commit;

import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.CollectionId;
import dev.polder.model.PrincipalId;
import dev.polder.model.SchemaId;
import java.util.Optional;

/**
 * What a commit does to one table or view. One commit changes a collection at most once. Immutable.
 */
public sealed interface CollectionChange {
  CollectionId id();

  /**
   * Makes a collection with its first metadata file. The schema may be made by the same commit.
   *
   * @param cut where it begins with another collection's version
   */
  record Create(
      CollectionId id,
      SchemaId schema,
      CollectionKind kind,
      String name,
      String icebergUuid,
      String location,
      String metadataLocation,
      Optional<PrincipalId> owner,
      Optional<Cut> cut)
      implements CollectionChange {
    public Create(
        CollectionId id,
        SchemaId schema,
        CollectionKind kind,
        String name,
        String icebergUuid,
        String location,
        String metadataLocation,
        Optional<PrincipalId> owner) {
      this(
          id, schema, kind, name, icebergUuid, location, metadataLocation, owner, Optional.empty());
    }
  }

  /**
   * The version of another collection of the space that a new one begins with.
   *
   * @param origin its files are kept as long as the new one reaches them
   * @param seq the commit that made the version
   * @param bytes of its data and delete files
   * @param own whether the new collection takes the origin's place and is charged with them
   */
  record Cut(CollectionId origin, long seq, long bytes, long files, boolean own) {}

  /** Replaces the metadata file if the current one is the expected one. */
  record Update(CollectionId id, String expectedMetadataLocation, String newMetadataLocation)
      implements CollectionChange {}

  /**
   * Gives another name, in the same schema or another one of the space.
   *
   * @param expectedMetadataLocation empty: whatever it is now
   * @param newMetadataLocation empty: the file stays
   */
  record Rename(
      CollectionId id,
      SchemaId schema,
      String name,
      Optional<String> expectedMetadataLocation,
      Optional<String> newMetadataLocation)
      implements CollectionChange {
    public Rename(CollectionId id, SchemaId schema, String name) {
      this(id, schema, name, Optional.empty(), Optional.empty());
    }
  }

  /**
   * Drops it; its history and files stay until the collector takes them.
   *
   * @param expectedMetadataLocation empty: whatever it is now
   */
  record Drop(CollectionId id, Optional<String> expectedMetadataLocation)
      implements CollectionChange {
    public Drop(CollectionId id) {
      this(id, Optional.empty());
    }
  }

  /**
   * States that the commit builds on this version without changing it: it conflicts as an update
   * would.
   */
  record Require(CollectionId id, String expectedMetadataLocation) implements CollectionChange {}
}
