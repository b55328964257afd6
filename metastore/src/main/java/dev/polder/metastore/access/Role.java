package dev.polder.metastore.access;

import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * A holder of grants. Immutable.
 *
 * @param tenant empty: a role of the server
 * @param personalOf the principal whose own, hidden role this is
 */
public record Role(
    RoleId id,
    Optional<TenantId> tenant,
    RoleName name,
    Optional<PrincipalId> personalOf,
    long createdAt) {}
