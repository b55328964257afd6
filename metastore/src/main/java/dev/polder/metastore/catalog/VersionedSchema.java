package dev.polder.metastore.catalog;

import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;

/**
 * A schema as it was after some commit. Immutable.
 *
 * @param seq the commit that gave it this name
 */
public record VersionedSchema(SchemaId id, SpaceKey space, SchemaName name, long seq) {}
