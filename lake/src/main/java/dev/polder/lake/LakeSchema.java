package dev.polder.lake;

import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;

/** A schema of a space. */
public record LakeSchema(SchemaId id, SchemaName name) {}
