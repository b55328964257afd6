package dev.polder.metastore.catalog;

import dev.polder.model.DatabaseId;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * A customer. Immutable.
 *
 * @param defaultDatabase where its principals' sessions begin, unless they say otherwise
 */
public record Tenant(TenantId id, long createdAt, Optional<DatabaseId> defaultDatabase) {}
