package dev.polder.metastore.catalog;

import dev.polder.model.TenantId;

/** A customer. Immutable. */
public record Tenant(TenantId id, long createdAt) {}
