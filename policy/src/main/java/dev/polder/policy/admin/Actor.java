package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.BuiltIn;
import java.util.Optional;

/**
 * Who acts, with the rights it has in the transaction at hand: read anew, never taken from the
 * identity. Names of other tenants answer as names that do not exist. Not thread-safe.
 */
final class Actor {
  private final MetastoreTransaction tx;
  private final Identity identity;
  private final Principal principal;
  private final boolean tenantAdmin;

  private Actor(
      MetastoreTransaction tx, Identity identity, Principal principal, boolean tenantAdmin) {
    this.tx = tx;
    this.identity = identity;
    this.principal = principal;
    this.tenantAdmin = tenantAdmin;
  }

  static Actor of(MetastoreTransaction tx, Identity identity) {
    Principal principal =
        tx.principals()
            .find(identity.id())
            .filter(found -> !found.disabled())
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.AUTHENTICATION_FAILED,
                    "user '" + identity.name() + "' is disabled or gone; log in again"));
    boolean tenantAdmin =
        principal.tenant().isPresent()
            && tx.roles().heldBy(principal.id()).stream().anyMatch(BuiltIn::isTenantAdmin);
    return new Actor(tx, identity, principal, tenantAdmin);
  }

  Identity identity() {
    return identity;
  }

  Principal principal() {
    return principal;
  }

  boolean superuser() {
    return principal.superuser();
  }

  boolean is(Principal other) {
    return principal.id().equals(other.id());
  }

  /** May change what belongs to the tenant, or to the server when it is empty. */
  boolean administers(Optional<TenantId> tenant) {
    return superuser() || (tenantAdmin && tenant.isPresent() && tenant.equals(principal.tenant()));
  }

  /** May know that the tenant, or the server's own objects, exist. */
  private boolean sees(Optional<TenantId> tenant) {
    return superuser() || tenant.equals(principal.tenant());
  }

  void requireSuperuser(String action) {
    if (!superuser()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED, "only a superuser may " + action + "; ask an administrator");
    }
  }

  void requireAdministrationOf(Optional<TenantId> tenant, String action) {
    if (tenant.isPresent() && !sees(tenant)) {
      throw new PolderException(
          ErrorCode.TENANT_NOT_FOUND, "tenant '" + tenant.get() + "' does not exist");
    }
    if (!administers(tenant)) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          tenant.isPresent()
              ? "only a superuser or a tenant_admin of '" + tenant.get() + "' may " + action
              : "only a superuser may " + action);
    }
  }

  Principal principal(PrincipalName name) {
    return tx.principals()
        .find(name)
        .filter(found -> is(found) || sees(found.tenant()))
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.PRINCIPAL_NOT_FOUND, "user '" + name + "' does not exist"));
  }

  /** A role of the tenant, or else the server's of that name. */
  Role role(Optional<TenantId> tenant, RoleName name) {
    return Optional.<Role>empty()
        .or(() -> sees(tenant) ? tx.roles().find(tenant, name) : Optional.empty())
        .or(() -> tx.roles().find(Optional.empty(), name))
        .orElseThrow(() ->
            new PolderException(ErrorCode.ROLE_NOT_FOUND, "role '" + name + "' does not exist"));
  }

  Group group(Optional<TenantId> tenant, GroupName name) {
    return Optional.<Group>empty()
        .or(() -> sees(tenant) ? tx.groups().find(tenant, name) : Optional.empty())
        .orElseThrow(() ->
            new PolderException(ErrorCode.GROUP_NOT_FOUND, "group '" + name + "' does not exist"));
  }
}
