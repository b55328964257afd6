package dev.polder.metastore.lineage;

import dev.polder.model.DatabaseId;
import dev.polder.model.SpaceKey;

/**
 * A tenant's move from one database to another while it goes on. Immutable.
 *
 * @param id who holds it
 * @param expiresAt after this time it counts no more: its holder is gone
 */
public record TenantMove(SpaceKey source, DatabaseId target, String id, long expiresAt) {}
