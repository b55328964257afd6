package dev.polder.metastore.catalog;

import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import java.util.Map;
import java.util.OptionalLong;

/** A schema of a space: an Iceberg namespace. Immutable. */
public record Schema(
    SchemaId id,
    SpaceKey space,
    SchemaName name,
    Map<String, String> properties,
    long createdSeq,
    OptionalLong droppedSeq) {}
