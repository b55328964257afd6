package dev.polder.metastore.access;

import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * A user or a service. Immutable.
 *
 * @param tenant empty: belongs to the server, as administrators do
 */
public record Principal(
    PrincipalId id,
    PrincipalName name,
    Optional<TenantId> tenant,
    PrincipalKind kind,
    Optional<Secret> passwordHash,
    boolean superuser,
    boolean disabled,
    Optional<DatabaseId> defaultDatabase,
    long createdAt) {}
