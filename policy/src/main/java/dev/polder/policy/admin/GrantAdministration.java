package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleId;
import dev.polder.model.RoleRef;
import dev.polder.model.SchemaId;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Access;
import dev.polder.policy.AccessControl;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.AuditRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Grants and revokes privileges. Superusers grant anything, a {@code tenant_admin} anything in its
 * tenant's spaces, a {@code DATABASE_OWNER} on the database as a whole, and the owner of a table or
 * view grants on it what it holds itself; nobody else grants. Stateless; each call belongs to the
 * caller's transaction.
 */
public final class GrantAdministration {
  /** What can be granted on sources. */
  public static final Set<Privilege> OF_SOURCES =
      Set.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

  private GrantAdministration() {}

  /**
   * Grants; what is held already stays.
   *
   * @param name the securable's name to show
   */
  public static void grant(
      MetastoreTransaction tx,
      Identity actor,
      Set<Privilege> privileges,
      Securable on,
      Grantee to,
      String name) {
    Actor acting = Actor.of(tx, actor);
    requireMayGrant(tx, acting, privileges, on, name);
    requireExists(tx, on, name);
    requireMeaning(privileges, on, name);
    RoleId role = receiver(tx, acting, on, to).id();
    for (Privilege privilege : privileges) {
      tx.grants().grant(role, privilege, on, Optional.of(actor.id()));
    }
    audit(tx, actor, EventType.PRIVILEGE_GRANTED, privileges, on, to, name);
  }

  /** Revokes what was granted on exactly this securable; returns how many grants ended. */
  public static int revoke(
      MetastoreTransaction tx,
      Identity actor,
      Set<Privilege> privileges,
      Securable on,
      Grantee from,
      String name) {
    Actor acting = Actor.of(tx, actor);
    requireMayGrant(tx, acting, Set.of(), on, name);
    RoleId role = receiver(tx, acting, on, from).id();
    int revoked = 0;
    for (Privilege privilege : privileges) {
      revoked += tx.grants().revoke(role, privilege, on) ? 1 : 0;
    }
    audit(tx, actor, EventType.PRIVILEGE_REVOKED, privileges, on, from, name);
    return revoked;
  }

  /**
   * Gives the creator of a schema, table or view all privileges on it, as an ordinary grant that an
   * administrator can revoke. Asks for no right: the statement that created it did.
   */
  public static void grantToCreator(
      MetastoreTransaction tx, Identity creator, Securable created, String name) {
    Optional<Principal> principal =
        tx.principals().find(creator.id()).filter(found -> !found.superuser());
    if (principal.isEmpty()) {
      return;
    }
    RoleId own = tx.roles().personal(principal.get()).id();
    for (Privilege privilege : Privilege.values()) {
      tx.grants().grant(own, privilege, created, Optional.of(creator.id()));
    }
  }

  /** The grants on exactly this securable: for those who may grant on it. */
  public static List<ShownGrant> on(
      MetastoreTransaction tx, Identity actor, Securable securable, String name) {
    requireMayGrant(tx, Actor.of(tx, actor), Set.of(), securable, name);
    return shown(tx, tx.grants().on(securable));
  }

  /** What a role holds: for the administrators of its tenant. */
  public static List<ShownGrant> ofRole(
      MetastoreTransaction tx, Identity actor, Optional<TenantId> tenant, RoleRef name) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(tenant, "list the grants of roles");
    Role role = acting.role(tenant, name);
    return shown(
        tx,
        tx.grants().ofRole(role.id()).stream()
            .filter(grant -> acting.administers(Optional.of(grant.securable().space().tenant())))
            .toList());
  }

  /** What a user holds by itself, not through roles; everybody sees their own. */
  public static List<ShownGrant> ofUser(
      MetastoreTransaction tx, Identity actor, PrincipalName name) {
    Actor acting = Actor.of(tx, actor);
    Principal user = acting.principal(name);
    if (!acting.is(user)) {
      acting.requireAdministrationOf(user.tenant(), "list the grants of others");
    }
    return tx.roles()
        .findPersonal(user.id())
        .map(role -> shown(tx, tx.grants().ofRole(role.id())))
        .orElse(List.of());
  }

  private static void requireMayGrant(
      MetastoreTransaction tx, Actor acting, Set<Privilege> privileges, Securable on, String name) {
    TenantId tenant = on.space().tenant();
    if (acting.administers(Optional.of(tenant)) || ownsDatabase(acting, on)) {
      return;
    }
    if (!owns(tx, acting, on)) {
      acting.requireAdministrationOf(Optional.of(tenant), "grant on " + name);
    }
    Access access = AccessControl.accessInWrite(tx, acting.identity(), on.space());
    for (Privilege privilege : privileges) {
      switch (on) {
        case Securable.Collection table ->
            access.onCollection(privilege, table.schema(), table.collection(), name).require();
        case Securable.Column column ->
            access
                .onColumns(
                    privilege,
                    column.schema(),
                    column.collection(),
                    name,
                    Map.of(column.fieldId(), "column " + column.fieldId()))
                .require();
        case Securable.Space ignored -> throw notOwned(name);
        case Securable.Schema ignored -> throw notOwned(name);
        case Securable.Source ignored -> throw notOwned(name);
      }
    }
  }

  /** Nothing is created, altered or dropped in a source. */
  private static void requireMeaning(Set<Privilege> privileges, Securable on, String name) {
    if (on instanceof Securable.Source && !OF_SOURCES.containsAll(privileges)) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "only SELECT, INSERT, UPDATE and DELETE can be granted on "
              + name
              + ", which is a source's");
    }
  }

  private static boolean ownsDatabase(Actor acting, Securable on) {
    SpaceKey space = on.space();
    return on instanceof Securable.Space
        && acting.principal().tenant().map(space.tenant()::equals).orElse(true)
        && acting.databaseRoles(space.database()).contains(DatabaseRole.OWNER);
  }

  private static void requireExists(MetastoreTransaction tx, Securable on, String name) {
    boolean exists =
        switch (on) {
          case Securable.Space space -> tx.spaces().exists(space.space());
          case Securable.Schema(SpaceKey space, SchemaId schema) ->
              tx.schemas().find(schema).filter(found -> found.space().equals(space)).isPresent();
          case Securable.Collection(SpaceKey space, SchemaId schema, CollectionId table) ->
              isAt(tx, space, schema, table);
          case Securable.Column(SpaceKey space, SchemaId schema, CollectionId table, int ignored) ->
              isAt(tx, space, schema, table);
          case Securable.Source source ->
              tx.sources()
                  .find(source.source())
                  .filter(found -> found.space().equals(source.space()))
                  .isPresent();
        };
    if (!exists) {
      throw new PolderException(
          ErrorCode.COLLECTION_NOT_FOUND, "'" + name + "' does not exist any more");
    }
  }

  private static boolean isAt(
      MetastoreTransaction tx, SpaceKey space, SchemaId schema, CollectionId table) {
    return tx.collections()
        .find(table)
        .filter(found -> found.space().equals(space) && found.schema().equals(schema))
        .isPresent();
  }

  private static boolean owns(MetastoreTransaction tx, Actor acting, Securable on) {
    Optional<CollectionEntry> entry =
        switch (on) {
          case Securable.Collection table -> tx.collections().find(table.collection());
          case Securable.Column column -> tx.collections().find(column.collection());
          case Securable.Space ignored -> Optional.empty();
          case Securable.Schema ignored -> Optional.empty();
          case Securable.Source ignored -> Optional.empty();
        };
    return entry
        .filter(found -> found.space().equals(on.space()))
        .flatMap(CollectionEntry::owner)
        .filter(owner -> owner.equals(acting.principal().id()))
        .filter(owner -> acting.identity().scope().isWhole())
        .isPresent();
  }

  private static PolderException notOwned(String name) {
    return new PolderException(
        ErrorCode.ACCESS_DENIED, "only an administrator may grant on " + name);
  }

  private static Role receiver(
      MetastoreTransaction tx, Actor acting, Securable on, Grantee grantee) {
    TenantId tenant = on.space().tenant();
    return switch (grantee) {
      case Grantee.ToRole(RoleRef name) -> {
        Role role = acting.role(Optional.of(tenant), name);
        if (role.tenant().isEmpty()) {
          acting.requireSuperuser("grant to roles of the server");
        }
        requireIn(role, on.space().database());
        yield role;
      }
      case Grantee.ToUser(PrincipalName name) -> {
        Principal user = acting.principal(name);
        if (user.tenant().isPresent() && !user.tenant().get().equals(tenant)) {
          throw new PolderException(
              ErrorCode.INVALID_PARAMETER,
              "user '" + name + "' is not of tenant '" + tenant + "', whose space that is");
        }
        yield tx.roles().personal(user);
      }
      case Grantee.ToGroup(GroupName name) ->
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED,
              "privileges go to roles and users; grant them to a role, and the role to group "
                  + name);
    };
  }

  /** Refuses a role of another database. */
  static void requireIn(Role role, DatabaseId database) {
    if (role.database().filter(own -> !own.equals(database)).isPresent()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "role '" + role.name() + "' belongs to another database and has grants in that alone");
    }
  }

  private static List<ShownGrant> shown(MetastoreTransaction tx, List<Grant> grants) {
    List<ShownGrant> shown = new ArrayList<>();
    for (Grant grant : grants) {
      tx.roles()
          .find(grant.role())
          .flatMap(role -> grantee(tx, role))
          .ifPresent(to -> shown.add(new ShownGrant(to, grant.privilege(), grant.securable())));
    }
    return List.copyOf(shown);
  }

  static Optional<Grantee> grantee(MetastoreTransaction tx, Role role) {
    return role.personalOf().isEmpty()
        ? Optional.of(new Grantee.ToRole(ref(tx, role)))
        : tx.principals().find(role.personalOf().get()).map(GrantAdministration::user);
  }

  /** How a role is named now. */
  public static RoleRef ref(MetastoreTransaction tx, Role role) {
    return new RoleRef(
        role.database().flatMap(tx.databases()::find).map(Database::name), role.name());
  }

  private static Grantee user(Principal principal) {
    return new Grantee.ToUser(principal.name());
  }

  private static void audit(
      MetastoreTransaction tx,
      Identity actor,
      EventType type,
      Set<Privilege> privileges,
      Securable on,
      Grantee grantee,
      String name) {
    String words =
        privileges.stream().sorted().map(Privilege::name).collect(Collectors.joining(", "));
    String receiver =
        switch (grantee) {
          case Grantee.ToRole(RoleRef role) -> "role " + role;
          case Grantee.ToUser(PrincipalName user) -> "user " + user;
          case Grantee.ToGroup(GroupName group) -> "group " + group;
        };
    AuditRows.changed(
        tx,
        actor,
        on.space().database(),
        Optional.of(on.space().tenant()),
        type,
        name,
        Map.of("privileges", words, "grantee", receiver));
  }
}
