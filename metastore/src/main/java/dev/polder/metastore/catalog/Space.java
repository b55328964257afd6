package dev.polder.metastore.catalog;

import dev.polder.model.SpaceKey;

/** One tenant's part of a database. Immutable. */
public record Space(SpaceKey key, long createdAt) {}
