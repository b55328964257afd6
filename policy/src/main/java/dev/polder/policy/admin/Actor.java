package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.TokenScope;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleRef;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.Standing;
import dev.polder.policy.internal.BuiltIn;
import dev.polder.policy.internal.EffectiveRoles;
import dev.polder.policy.internal.Tokens;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who acts, with the rights it has in the transaction at hand: read anew, never taken from the
 * identity. Names of other tenants answer as names that do not exist. Not thread-safe.
 */
final class Actor {
  private final MetastoreTransaction tx;
  private final Identity identity;
  private final Principal principal;
  private final TokenScope scope;
  private final boolean tenantAdmin;
  private final boolean clusterAdmin;

  private Actor(
      MetastoreTransaction tx,
      Identity identity,
      Principal principal,
      TokenScope scope,
      List<Role> roles) {
    this.tx = tx;
    this.identity = identity;
    this.principal = principal;
    this.scope = scope;
    boolean ofServer = principal.tenant().isEmpty();
    this.tenantAdmin = !ofServer && roles.stream().anyMatch(BuiltIn::isTenantAdmin);
    this.clusterAdmin = ofServer && roles.stream().anyMatch(BuiltIn::isClusterAdmin);
  }

  static Actor of(MetastoreTransaction tx, Identity identity) {
    EffectiveRoles.requireRotated(identity.scope());
    return ofWhoeverRotates(tx, identity);
  }

  /** The same, and also who has a token that is good for rotating its credential's secret only. */
  static Actor ofWhoeverRotates(MetastoreTransaction tx, Identity identity) {
    Principal principal =
        tx.principals()
            .find(identity.id())
            .filter(found -> !found.disabled())
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.AUTHENTICATION_FAILED,
                    "user '" + identity.name() + "' is disabled or gone; log in again"));
    TokenScope scope = EffectiveRoles.reached(tx, principal.id(), identity.scope());
    return new Actor(tx, identity, principal, scope, EffectiveRoles.of(tx, principal.id(), scope));
  }

  Identity identity() {
    return identity;
  }

  Principal principal() {
    return principal;
  }

  boolean superuser() {
    return principal.superuser() && identity.scope().isWhole();
  }

  boolean clusterAdmin() {
    return clusterAdmin;
  }

  /** In what capacity it acts on any database. */
  EnumSet<Standing> standings() {
    EnumSet<Standing> standings = EnumSet.noneOf(Standing.class);
    if (superuser()) {
      standings.add(Standing.SUPERUSER);
    }
    if (clusterAdmin) {
      standings.add(Standing.CLUSTER_ADMIN);
    }
    return standings;
  }

  /** What it holds on a database, in whatever way. */
  Set<DatabaseRole> databaseRoles(DatabaseId database) {
    return EffectiveRoles.grants(tx, principal.id(), scope, database).stream()
        .map(DatabaseGrant::role)
        .collect(Collectors.toUnmodifiableSet());
  }

  boolean is(Principal other) {
    return principal.id().equals(other.id());
  }

  /** Is that principal, with all that it may do, by a login of this server's. */
  boolean isWholly(Principal other) {
    return is(other) && identity.scope().isWhole() && !Tokens.isExternal(tx, identity);
  }

  /** May change what belongs to the tenant, or to the server when it is empty. */
  boolean administers(Optional<TenantId> tenant) {
    return superuser() || (tenantAdmin && tenant.isPresent() && tenant.equals(principal.tenant()));
  }

  /** May know that the tenant, or the server's own objects, exist. */
  boolean sees(Optional<TenantId> tenant) {
    return superuser() || clusterAdmin || tenant.equals(principal.tenant());
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

  /**
   * A role of the tenant, or else the server's of that name; one that belongs to a database is
   * always a tenant's.
   */
  Role role(Optional<TenantId> tenant, RoleRef ref) {
    Optional<Role> own =
        Optional.of(tenant)
            .filter(this::sees)
            .flatMap(of ->
                ref.database().isPresent()
                    ? database(of, ref.database().get())
                        .flatMap(in -> tx.roles().find(owner(of), Optional.of(in), ref.name()))
                    : tx.roles().find(of, ref.name()));
    return own.or(() ->
            ref.database().isPresent()
                ? Optional.empty()
                : tx.roles().find(Optional.empty(), ref.name()))
        .orElseThrow(() ->
            new PolderException(ErrorCode.ROLE_NOT_FOUND, "role '" + ref + "' does not exist"));
  }

  /** Whose the roles of databases are: work that names no tenant is the default one's. */
  static Optional<TenantId> owner(Optional<TenantId> tenant) {
    return tenant.or(() -> Optional.of(TenantId.DEFAULT));
  }

  /** A live database in which the tenant has a space. */
  Optional<DatabaseId> database(Optional<TenantId> tenant, DatabaseName name) {
    return tx.databases()
        .find(name)
        .map(Database::id)
        .filter(id -> tx.spaces().exists(new SpaceKey(id, owner(tenant).orElseThrow())));
  }

  Group group(Optional<TenantId> tenant, GroupName name) {
    return Optional.<Group>empty()
        .or(() -> sees(tenant) ? tx.groups().find(tenant, name) : Optional.empty())
        .orElseThrow(() ->
            new PolderException(ErrorCode.GROUP_NOT_FOUND, "group '" + name + "' does not exist"));
  }
}
