package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleRef;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.Identity;
import dev.polder.policy.Standing;
import dev.polder.policy.internal.AuditRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Grants and revokes roles on databases, by the table in {@link DatabaseOperation}. A {@code
 * cluster_admin}, who sees no data, gives no role to itself. Stateless; each call belongs to the
 * caller's transaction.
 */
public final class DatabaseGrantAdministration {
  private DatabaseGrantAdministration() {}

  /**
   * Grants.
   *
   * @param session the tenant that the actor works in, whose roles and groups are looked up first
   * @return false: it was held already
   */
  public static boolean grant(
      MetastoreTransaction tx,
      Identity actor,
      TenantId session,
      DatabaseRole role,
      DatabaseName name,
      Grantee to) {
    Actor acting = Actor.of(tx, actor);
    DatabaseGate gate = DatabaseGate.of(tx, actor, session);
    Database database = gate.require(DatabaseOperation.GRANT, name);
    Set<Standing> before = gate.standings(database.id());
    Receiver receiver = receiver(tx, acting, session, role, database, to);
    boolean granted = tx.databaseGrants().grant(receiver.grant(), Optional.of(actor.id()));
    boolean forItself =
        !before.contains(Standing.SUPERUSER)
            && !before.contains(Standing.OWNER)
            && before.contains(Standing.CLUSTER_ADMIN)
            && !before.equals(gate.standings(database.id()));
    if (forItself) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "a cluster_admin sees no data and gives no database role to itself; ask a superuser");
    }
    audit(tx, actor, EventType.PRIVILEGE_GRANTED, database, receiver);
    return granted;
  }

  /** False: it was not held. */
  public static boolean revoke(
      MetastoreTransaction tx,
      Identity actor,
      TenantId session,
      DatabaseRole role,
      DatabaseName name,
      Grantee from) {
    Actor acting = Actor.of(tx, actor);
    Database database = DatabaseGate.of(tx, actor, session).require(DatabaseOperation.GRANT, name);
    Receiver receiver = receiver(tx, acting, session, role, database, from);
    boolean revoked = tx.databaseGrants().revoke(receiver.grant());
    audit(tx, actor, EventType.PRIVILEGE_REVOKED, database, receiver);
    return revoked;
  }

  /** What a user holds by itself, through roles and through groups; everybody sees their own. */
  public static List<ShownDatabaseGrant> ofUser(
      MetastoreTransaction tx, Identity actor, PrincipalName name) {
    Actor acting = Actor.of(tx, actor);
    Principal user = acting.principal(name);
    if (!acting.is(user)) {
      acting.requireAdministrationOf(user.tenant(), "list the grants of others");
    }
    List<DatabaseGrant> held = new ArrayList<>();
    tx.roles().heldBy(user.id()).forEach(role -> held.addAll(tx.databaseGrants().of(role.id())));
    tx.groups().groupsOf(user.id()).forEach(g -> held.addAll(tx.databaseGrants().of(g.id())));
    return shown(tx, acting, held);
  }

  public static List<ShownDatabaseGrant> ofRole(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant, RoleRef name) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(tenant, "list the grants of roles");
    return shown(tx, acting, tx.databaseGrants().of(acting.role(tenant, name).id()));
  }

  /** What a group holds by itself. */
  public static List<ShownDatabaseGrant> ofGroup(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant, GroupName name) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(tenant, "list the grants of groups");
    return shown(tx, acting, tx.databaseGrants().of(acting.group(tenant, name).id()));
  }

  /**
   * Who is given something, and what.
   *
   * @param words as the trail names it
   * @param tenant whose name that is: other tenants' owners of the database are not to learn it
   */
  private record Receiver(DatabaseGrant grant, String words, Optional<TenantId> tenant) {}

  private static Receiver receiver(
      MetastoreTransaction tx,
      Actor acting,
      TenantId session,
      DatabaseRole role,
      Database database,
      Grantee grantee) {
    Optional<TenantId> tenant = acting.principal().tenant().or(() -> Optional.of(session));
    return switch (grantee) {
      case Grantee.ToUser(PrincipalName name) -> {
        Principal user = user(tx, acting, name);
        requireSpace(tx, database, user.tenant());
        yield new Receiver(
            DatabaseGrant.to(tx.roles().personal(user).id(), role, database.id()),
            "user " + name,
            user.tenant());
      }
      case Grantee.ToRole(RoleRef name) -> {
        Role found = acting.role(tenant, name);
        requireOwn(acting, found.tenant(), "roles");
        GrantAdministration.requireIn(found, database.id());
        requireSpace(tx, database, found.tenant());
        yield new Receiver(
            DatabaseGrant.to(found.id(), role, database.id()), "role " + name, found.tenant());
      }
      case Grantee.ToGroup(GroupName name) -> {
        Group found =
            tx.groups()
                .find(tenant, name)
                .or(() -> tx.groups().find(Optional.empty(), name))
                .orElseThrow(() ->
                    new PolderException(
                        ErrorCode.GROUP_NOT_FOUND, "group '" + name + "' does not exist"));
        requireOwn(acting, found.tenant(), "groups");
        requireSpace(tx, database, found.tenant());
        yield new Receiver(
            DatabaseGrant.to(found.id(), role, database.id()), "group " + name, found.tenant());
      }
    };
  }

  /** An owner without a tenant grants to the users of all tenants in its database. */
  private static Principal user(MetastoreTransaction tx, Actor acting, PrincipalName name) {
    return acting.principal().tenant().isPresent()
        ? acting.principal(name)
        : tx.principals().get(name);
  }

  /** What is granted to a role or group of the server reaches the users of all tenants. */
  private static void requireOwn(Actor acting, Optional<TenantId> holder, String what) {
    if (acting.principal().tenant().isPresent() && holder.isEmpty()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED, "only an administrator of the server grants to its " + what);
    }
  }

  private static void requireSpace(
      MetastoreTransaction tx, Database database, Optional<TenantId> tenant) {
    tenant.ifPresent(of -> DefaultDatabases.requireSpace(tx, database, of));
  }

  /** To a tenant's principal, databases without a space of its tenant do not exist. */
  private static List<ShownDatabaseGrant> shown(
      MetastoreTransaction tx, Actor acting, List<DatabaseGrant> grants) {
    List<ShownDatabaseGrant> shown = new ArrayList<>();
    for (DatabaseGrant grant : grants) {
      boolean visible =
          acting
              .principal()
              .tenant()
              .map(tenant -> tx.spaces().exists(new SpaceKey(grant.database(), tenant)))
              .orElse(true);
      if (visible) {
        grantee(tx, grant)
            .ifPresent(to -> shown.add(new ShownDatabaseGrant(to, grant.role(), grant.database())));
      }
    }
    return List.copyOf(shown);
  }

  private static Optional<Grantee> grantee(MetastoreTransaction tx, DatabaseGrant grant) {
    Optional<Grantee> group =
        grant
            .holdingGroup()
            .flatMap(tx.groups()::find)
            .map(found -> new Grantee.ToGroup(found.name()));
    return group.or(() ->
        grant
            .holdingRole()
            .flatMap(tx.roles()::find)
            .flatMap(role -> GrantAdministration.grantee(tx, role)));
  }

  private static void audit(
      MetastoreTransaction tx,
      Identity actor,
      EventType type,
      Database database,
      Receiver receiver) {
    AuditRows.changed(
        tx,
        actor,
        database.id(),
        receiver.tenant(),
        type,
        "database " + database.name(),
        Map.of("privileges", receiver.grant().role().word(), "grantee", receiver.words()));
  }
}
