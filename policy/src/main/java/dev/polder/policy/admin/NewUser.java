package dev.polder.policy.admin;

import dev.polder.metastore.access.PrincipalKind;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import dev.polder.policy.NewPassword;
import java.util.Optional;

/**
 * A user or service to be created. Immutable.
 *
 * @param tenant empty: belongs to the server
 * @param password empty: logs in by tokens only
 * @param superuser only without a tenant
 */
public record NewUser(
    PrincipalName name,
    Optional<TenantId> tenant,
    PrincipalKind kind,
    Optional<NewPassword> password,
    boolean superuser) {}
