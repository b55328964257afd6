package dev.polder.metastore.catalog;

import dev.polder.model.CollectionId;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;

/**
 * A table or view as it was after some commit. Immutable.
 *
 * @param seq the commit that gave it this metadata location and name
 */
public record VersionedCollection(
    CollectionId id,
    SchemaId schema,
    SpaceKey space,
    TableRef ref,
    CollectionKind kind,
    String icebergUuid,
    String location,
    String metadataLocation,
    long seq,
    long committedAt) {}
