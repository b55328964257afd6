package dev.polder.metastore.access;

import dev.polder.model.GroupId;
import dev.polder.model.GroupName;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * A named set of principals. Immutable.
 *
 * @param tenant empty: belongs to the server
 */
public record Group(GroupId id, Optional<TenantId> tenant, GroupName name, long createdAt) {}
