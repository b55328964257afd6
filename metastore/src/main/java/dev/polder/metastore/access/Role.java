package dev.polder.metastore.access;

import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * A holder of grants. Immutable.
 *
 * @param tenant empty: a role of the server
 * @param database the one that the role belongs to and has grants on alone; empty: none
 * @param personalOf the principal whose own, hidden role this is
 */
public record Role(
    RoleId id,
    Optional<TenantId> tenant,
    Optional<DatabaseId> database,
    RoleName name,
    Optional<PrincipalId> personalOf,
    long createdAt) {}
