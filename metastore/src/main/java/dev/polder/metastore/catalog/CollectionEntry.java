package dev.polder.metastore.catalog;

import dev.polder.model.CollectionId;
import dev.polder.model.PrincipalId;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A table or view as of its last commit. Immutable.
 *
 * @param versionSeq the commit that gave it its metadata location and name
 */
public record CollectionEntry(
    CollectionId id,
    SchemaId schema,
    SpaceKey space,
    TableRef ref,
    CollectionKind kind,
    String icebergUuid,
    String location,
    String metadataLocation,
    long versionSeq,
    Optional<PrincipalId> owner,
    long createdSeq,
    OptionalLong droppedSeq) {}
