package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.AuditRows;
import dev.polder.policy.internal.BuiltIn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates and drops roles, and gives them to users, groups and other roles: the work of superusers,
 * and of a {@code tenant_admin} for the roles of its tenant. The server's roles, {@code
 * tenant_admin} and {@code cluster_admin} among them, are given by superusers only. Stateless; each
 * call belongs to the caller's transaction.
 */
public final class RoleAdministration {
  private RoleAdministration() {}

  /** Whether it is one of the server's own, which always is. */
  public static boolean isBuiltIn(Role role) {
    return BuiltIn.isTenantAdmin(role) || BuiltIn.isClusterAdmin(role);
  }

  /**
   * Creates a role. One that belongs to a database can have grants in the tenant's part of it
   * alone.
   *
   * @param tenant empty: a role of the server
   */
  public static Role create(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant, RoleRef ref) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(tenant, "create roles");
    Role role;
    if (ref.database().isPresent()) {
      DatabaseName name = ref.database().get();
      DatabaseId database =
          acting
              .database(tenant, name)
              .orElseThrow(() ->
                  new PolderException(
                      ErrorCode.DATABASE_NOT_FOUND, "database " + name + " does not exist"));
      role = tx.roles().create(Actor.owner(tenant), Optional.of(database), ref.name());
    } else {
      requireNotBuiltIn(ref.name());
      role = tx.roles().create(tenant, ref.name());
    }
    audit(tx, actor, EventType.ROLE_CREATED, role.tenant(), role, Map.of());
    return role;
  }

  /**
   * A role as it may be shown.
   *
   * @throws PolderException ROLE_NOT_FOUND, ACCESS_DENIED
   */
  public static Role get(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant, RoleRef ref) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(tenant, "look at roles");
    return acting.role(tenant, ref);
  }

  /** Drops a role with its grants. Policies for its holders then fit nobody. */
  public static void drop(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant, RoleRef ref) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(tenant, "drop roles");
    if (ref.database().isEmpty()) {
      requireNotBuiltIn(ref.name());
    }
    Role role = acting.role(tenant, ref);
    acting.requireAdministrationOf(role.tenant(), "drop roles of the server");
    tx.roles().delete(role.id());
    audit(tx, actor, EventType.ROLE_DROPPED, role.tenant(), role, Map.of());
  }

  public static Page<Role> list(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      Optional<String> after,
      int limit) {
    return list(tx, actor, tenant, Optional.empty(), after, limit);
  }

  /** Those that belong to a database, or to none, by name. */
  public static Page<Role> list(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      Optional<DatabaseId> database,
      Optional<String> after,
      int limit) {
    Actor.of(tx, actor).requireAdministrationOf(tenant, "list roles");
    return tx.roles().list(tenant, database, after, limit);
  }

  /** A tenant's roles that belong to databases. */
  public static List<Role> ofDatabases(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant) {
    Actor.of(tx, actor).requireAdministrationOf(tenant, "list roles");
    return tx.roles().ofDatabases(tenant);
  }

  /** The roles a user holds: directly, through groups and other roles; everybody sees their own. */
  public static List<Role> heldBy(MetastoreTransaction tx, Identity actor, PrincipalName user) {
    return tx.roles().heldBy(known(tx, actor, user).id()).stream()
        .filter(role -> role.personalOf().isEmpty())
        .toList();
  }

  /** The roles that were given to the user itself; everybody sees their own. */
  public static List<Role> givenTo(MetastoreTransaction tx, Identity actor, PrincipalName user) {
    return tx.roles().givenTo(known(tx, actor, user).id());
  }

  private static Principal known(MetastoreTransaction tx, Identity actor, PrincipalName user) {
    Actor acting = Actor.of(tx, actor);
    Principal principal = acting.principal(user);
    if (!acting.is(principal)) {
      acting.requireAdministrationOf(principal.tenant(), "see the roles of others");
    }
    return principal;
  }

  /** The role is looked up in the user's tenant, then among the server's. False: held already. */
  public static boolean give(
      MetastoreTransaction tx, Identity actor, RoleRef role, PrincipalName to) {
    Actor acting = Actor.of(tx, actor);
    Principal user = acting.principal(to);
    Role given = administeredRole(acting, user.tenant(), role);
    requireFitting(given, user.tenant());
    boolean changed = tx.roles().give(given.id(), user.id());
    audit(tx, actor, EventType.ROLE_GRANTED, user.tenant(), given, Map.of("user", to.value()));
    return changed;
  }

  /** False: it was not held. */
  public static boolean take(
      MetastoreTransaction tx, Identity actor, RoleRef role, PrincipalName from) {
    Actor acting = Actor.of(tx, actor);
    Principal user = acting.principal(from);
    Role taken = administeredRole(acting, user.tenant(), role);
    boolean changed = tx.roles().take(taken.id(), user.id());
    audit(tx, actor, EventType.ROLE_REVOKED, user.tenant(), taken, Map.of("user", from.value()));
    return changed;
  }

  /** False: held already. */
  public static boolean give(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      RoleRef role,
      GroupName to) {
    Actor acting = Actor.of(tx, actor);
    Group group = acting.group(tenant, to);
    Role given = administeredRole(acting, group.tenant(), role);
    requireFitting(given, group.tenant());
    boolean changed = tx.roles().give(given.id(), group.id());
    audit(tx, actor, EventType.ROLE_GRANTED, group.tenant(), given, Map.of("group", to.value()));
    return changed;
  }

  /** False: it was not held. */
  public static boolean take(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      RoleRef role,
      GroupName from) {
    Actor acting = Actor.of(tx, actor);
    Group group = acting.group(tenant, from);
    Role taken = administeredRole(acting, group.tenant(), role);
    boolean changed = tx.roles().take(taken.id(), group.id());
    audit(tx, actor, EventType.ROLE_REVOKED, group.tenant(), taken, Map.of("group", from.value()));
    return changed;
  }

  /**
   * Lets whoever holds one role hold another one with it. False: it holds the role already.
   *
   * @throws PolderException ROLE_CYCLE, INVALID_PARAMETER
   */
  public static boolean give(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      RoleRef role,
      RoleRef to) {
    Actor acting = Actor.of(tx, actor);
    Role member = administeredRole(acting, tenant, to);
    Role given = administeredRole(acting, tenant, role);
    requireNests(given, member);
    boolean changed;
    try {
      changed = tx.roles().give(given.id(), member.id());
    } catch (PolderException e) {
      throw e.code() == ErrorCode.ROLE_CYCLE
          ? new PolderException(
              ErrorCode.ROLE_CYCLE,
              "role '" + role + "' holds role '" + to + "' itself, so that one cannot hold it",
              e)
          : e;
    }
    audit(tx, actor, EventType.ROLE_GRANTED, member.tenant(), given, Map.of("role", to.toString()));
    return changed;
  }

  /** False: it was not held. */
  public static boolean take(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      RoleRef role,
      RoleRef from) {
    Actor acting = Actor.of(tx, actor);
    Role member = administeredRole(acting, tenant, from);
    Role taken = administeredRole(acting, tenant, role);
    boolean changed = tx.roles().take(taken.id(), member.id());
    audit(
        tx, actor, EventType.ROLE_REVOKED, member.tenant(), taken, Map.of("role", from.toString()));
    return changed;
  }

  /** A role's holders are of its tenant, and what a database's role gives is in that database. */
  private static void requireNests(Role given, Role member) {
    for (Role role : List.of(given, member)) {
      if (BuiltIn.isTenantAdmin(role) || BuiltIn.isClusterAdmin(role)) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "role '" + role.name() + "' is given to users and groups, and holds no others");
      }
    }
    if (given.tenant().isPresent() && !given.tenant().equals(member.tenant())) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "role '" + given.name() + "' is its tenant's, and the other one the server's");
    }
    if (member.database().isPresent() && !member.database().equals(given.database())) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "role '"
              + member.name()
              + "' belongs to a database: it can hold roles of that database alone");
    }
  }

  private static Role administeredRole(Actor acting, Optional<TenantId> tenant, RoleRef name) {
    acting.requireAdministrationOf(tenant, "give or take roles");
    Role role = acting.role(tenant, name);
    acting.requireAdministrationOf(role.tenant(), "give or take roles of the server");
    return role;
  }

  private static void requireFitting(Role role, Optional<TenantId> holder) {
    if (BuiltIn.isClusterAdmin(role) && holder.isPresent()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "a cluster_admin belongs to no tenant; give the role to a user or group of the server");
    }
  }

  private static void requireNotBuiltIn(RoleName name) {
    if (name.equals(BuiltIn.TENANT_ADMIN) || name.equals(BuiltIn.CLUSTER_ADMIN)) {
      throw new PolderException(
          ErrorCode.INVALID_NAME, "'" + name + "' is a role of the server's own; choose another");
    }
  }

  /** A role of the server that is given to a tenant's user or group concerns the tenant. */
  private static void audit(
      MetastoreTransaction tx,
      Identity actor,
      EventType type,
      Optional<TenantId> whose,
      Role role,
      Map<String, String> detail) {
    AuditRows.changed(
        tx, Optional.of(actor), whose, type, GrantAdministration.ref(tx, role).toString(), detail);
  }
}
