package dev.polder.policy.admin;

import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * A user or service as it may be shown: without its password's hash. Immutable.
 *
 * @param tenant empty: belongs to the server
 */
public record User(
    PrincipalId id,
    PrincipalName name,
    Optional<TenantId> tenant,
    PrincipalKind kind,
    boolean superuser,
    boolean disabled,
    boolean hasPassword,
    Optional<DatabaseId> defaultDatabase,
    long createdAt) {
  static User of(Principal principal) {
    return new User(
        principal.id(),
        principal.name(),
        principal.tenant(),
        principal.kind(),
        principal.superuser(),
        principal.disabled(),
        principal.passwordHash().isPresent(),
        principal.defaultDatabase(),
        principal.createdAt());
  }
}
