package dev.polder.engine.manifest;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.VersionedProperties;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.GroupName;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.ControlPlane;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.Grantee;
import dev.polder.policy.admin.GroupAdministration;
import dev.polder.policy.admin.NewUser;
import dev.polder.policy.admin.PropertyAdministration;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.policy.admin.UserAdministration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The roles, groups and users of a manifest. Bound to one metastore transaction. */
final class ManifestPrincipals {
  private final MetastoreTransaction tx;
  private final Identity actor;
  private final ManifestAccess access;
  private final boolean prune;
  private final Map<InTenant, ManifestItem> roles = new LinkedHashMap<>();
  private final Map<InTenant, ManifestItem> groups = new LinkedHashMap<>();
  private final Map<InTenant, ManifestItem> users = new LinkedHashMap<>();
  private boolean allRoles;
  private boolean allGroups;
  private boolean allUsers;

  ManifestPrincipals(
      MetastoreTransaction tx, Identity actor, ManifestAccess access, boolean prune) {
    this.tx = tx;
    this.actor = actor;
    this.access = access;
    this.prune = prune;
  }

  /** A name, and whose it is; a user's is the server's always. */
  private record InTenant(Optional<TenantId> tenant, String name) {
    static InTenant of(ManifestItem item) {
      return new InTenant(item.text("tenant").map(TenantId::new), item.required("name"));
    }

    TenantId session() {
      return tenant.orElse(TenantId.DEFAULT);
    }
  }

  static RoleRef roleRef(String text) {
    int dot = text.indexOf('.');
    return dot < 0
        ? RoleRef.of(new RoleName(text))
        : RoleRef.in(
            new DatabaseName(text.substring(0, dot)), new RoleName(text.substring(dot + 1)));
  }

  void read(ManifestItem manifest) {
    Optional<List<ManifestItem>> asked = manifest.items("roles", "name");
    allRoles = asked.isPresent();
    roles.putAll(ManifestItem.byName(asked.orElse(List.of()), InTenant::of));
    asked = manifest.items("groups", "name");
    allGroups = asked.isPresent();
    groups.putAll(ManifestItem.byName(asked.orElse(List.of()), InTenant::of));
    asked = manifest.items("users", "name");
    allUsers = asked.isPresent();
    users.putAll(
        ManifestItem.byName(
            asked.orElse(List.of()),
            item -> new InTenant(Optional.empty(), item.required("name"))));
  }

  /** All of them, so that they can be named. */
  void create() {
    roles.forEach((key, item) ->
        item.apply(() -> {
          if (find(key).isEmpty()) {
            RoleAdministration.create(tx, actor, key.tenant(), roleRef(key.name()));
          }
        }));
    groups.forEach((key, item) ->
        item.apply(() -> {
          GroupName name = new GroupName(key.name());
          if (tx.groups().find(key.tenant(), name).isEmpty()) {
            GroupAdministration.create(tx, actor, key.tenant(), name);
          }
        }));
    users.values().forEach(item -> item.apply(() -> createUser(item)));
  }

  private Optional<Role> find(InTenant key) {
    RoleRef ref = roleRef(key.name());
    Optional<DatabaseId> database =
        ref.database().map(name -> tx.databases().get(name)).map(Database::id);
    return tx.roles().find(key.tenant(), database, ref.name());
  }

  private void createUser(ManifestItem item) {
    PrincipalName name = new PrincipalName(item.required("name"));
    Optional<TenantId> tenant = item.text("tenant").map(TenantId::new);
    PrincipalKind kind = item.word("kind", PrincipalKind.class);
    Optional<Principal> found = tx.principals().find(name);
    if (found.isEmpty()) {
      UserAdministration.create(
          tx,
          actor,
          new NewUser(name, tenant, kind, Optional.empty(), item.flag("superuser").orElse(false)));
    } else if (!found.get().tenant().equals(tenant) || found.get().kind() != kind) {
      throw item.invalid("the user is here with another tenant or kind, which do not change");
    }
  }

  /** Who is what, and may do what. */
  void connect() {
    roles.forEach((key, item) -> item.apply(() -> connectRole(key, item)));
    groups.forEach((key, item) -> item.apply(() -> connectGroup(key, item)));
    users.values().forEach(item -> item.apply(() -> connectUser(item)));
  }

  private void connectRole(InTenant key, ManifestItem item) {
    Role role = find(key).orElseThrow();
    RoleRef ref = roleRef(key.name());
    Grantee holder = new Grantee.ToRole(ref);
    VersionedProperties present = tx.properties().of(role.id());
    ManifestImport.changed(item, present.properties())
        .ifPresent(wanted ->
            PropertyAdministration.set(tx, actor, key.tenant(), ref, wanted, present.version()));
    item.texts("roles")
        .ifPresent(wanted ->
            ManifestImport.sync(
                refs(tx.roles().givenTo(role.id())),
                wanted,
                given -> RoleAdministration.give(tx, actor, key.tenant(), roleRef(given), ref),
                taken -> RoleAdministration.take(tx, actor, key.tenant(), roleRef(taken), ref)));
    access.grants(item, holder, tx.grants().ofRole(role.id()));
    access.databaseRoles(item, holder, key.session(), tx.databaseGrants().of(role.id()));
    item.requireNoOthers();
  }

  private void connectGroup(InTenant key, ManifestItem item) {
    GroupName name = new GroupName(key.name());
    Group group = tx.groups().find(key.tenant(), name).orElseThrow();
    item.texts("members")
        .ifPresent(wanted ->
            ManifestImport.sync(
                members(group),
                wanted,
                user ->
                    GroupAdministration.addMember(
                        tx, actor, key.tenant(), name, new PrincipalName(user)),
                user ->
                    GroupAdministration.removeMember(
                        tx, actor, key.tenant(), name, new PrincipalName(user))));
    item.texts("roles")
        .ifPresent(wanted ->
            ManifestImport.sync(
                refs(tx.roles().heldBy(group.id())),
                wanted,
                given -> RoleAdministration.give(tx, actor, key.tenant(), roleRef(given), name),
                taken -> RoleAdministration.take(tx, actor, key.tenant(), roleRef(taken), name)));
    access.databaseRoles(
        item, new Grantee.ToGroup(name), key.session(), tx.databaseGrants().of(group.id()));
    item.requireNoOthers();
  }

  private Set<String> members(Group group) {
    return ManifestExport.all(
            after -> tx.principals().listMembers(group.id(), after, Page.MAX_LIMIT))
        .stream()
        .map(member -> member.name().value())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private Set<String> refs(List<Role> held) {
    return held.stream()
        .filter(role -> role.personalOf().isEmpty())
        .map(role -> GrantAdministration.ref(tx, role).toString())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void connectUser(ManifestItem item) {
    PrincipalName name = new PrincipalName(item.required("name"));
    Principal user = tx.principals().get(name);
    TenantId session = user.tenant().orElse(TenantId.DEFAULT);
    item.flag("superuser")
        .filter(wanted -> wanted != user.superuser())
        .ifPresent(wanted -> UserAdministration.setSuperuser(tx, actor, name, wanted));
    item.flag("disabled")
        .filter(wanted -> wanted != user.disabled())
        .ifPresent(wanted -> UserAdministration.setDisabled(tx, actor, name, wanted));
    item.text("passwordHash")
        .map(Secret::of)
        .filter(wanted -> !user.passwordHash().equals(Optional.of(wanted)))
        .ifPresent(wanted -> ControlPlane.setPasswordHash(tx, actor, name, wanted));
    Optional<DatabaseName> wanted = item.text("defaultDatabase").map(DatabaseName::new);
    Optional<DatabaseName> present =
        user.defaultDatabase()
            .flatMap(tx.databases()::find)
            .filter(database -> database.droppedAt().isEmpty())
            .map(Database::name);
    if (!wanted.equals(present)) {
      UserAdministration.setDefaultDatabase(tx, actor, session, name, wanted);
    }
    VersionedProperties properties = tx.properties().of(user.id());
    ManifestImport.changed(item, properties.properties())
        .ifPresent(
            changed -> PropertyAdministration.set(tx, actor, name, changed, properties.version()));
    item.texts("roles")
        .ifPresent(asked ->
            ManifestImport.sync(
                refs(tx.roles().givenTo(user.id())),
                asked,
                given -> RoleAdministration.give(tx, actor, roleRef(given), name),
                taken -> RoleAdministration.take(tx, actor, roleRef(taken), name)));
    Optional<Role> own = tx.roles().findPersonal(user.id());
    Grantee holder = new Grantee.ToUser(name);
    access.grants(item, holder, own.map(role -> tx.grants().ofRole(role.id())).orElse(List.of()));
    access.databaseRoles(
        item,
        holder,
        session,
        own.map(role -> tx.databaseGrants().of(role.id())).orElse(List.of()));
    item.requireNoOthers();
  }

  /** Drops what the lists that were given do not name; the server's own and the actor stay. */
  void prune() {
    if (!prune) {
      return;
    }
    if (allUsers) {
      for (Principal user : ManifestExport.all(a -> tx.principals().list(a, Page.MAX_LIMIT))) {
        boolean named = users.containsKey(new InTenant(Optional.empty(), user.name().value()));
        if (!named && !ControlPlane.isOwn(user.name()) && !user.id().equals(actor.id())) {
          UserAdministration.drop(tx, actor, user.name());
        }
      }
    }
    List<Optional<TenantId>> owners = new java.util.ArrayList<>(List.of(Optional.empty()));
    ManifestExport.all(after -> tx.tenants().list(after, Page.MAX_LIMIT))
        .forEach(tenant -> owners.add(Optional.of(tenant.id())));
    for (Optional<TenantId> owner : owners) {
      if (allGroups) {
        pruneGroups(owner);
      }
      if (allRoles) {
        pruneRoles(owner);
      }
    }
  }

  private void pruneGroups(Optional<TenantId> owner) {
    for (Group group : ManifestExport.all(a -> tx.groups().list(owner, a, Page.MAX_LIMIT))) {
      if (!groups.containsKey(new InTenant(owner, group.name().value()))) {
        GroupAdministration.drop(tx, actor, owner, group.name());
      }
    }
  }

  private void pruneRoles(Optional<TenantId> owner) {
    List<Role> all =
        new java.util.ArrayList<>(
            ManifestExport.all(a -> tx.roles().list(owner, a, Page.MAX_LIMIT)));
    all.addAll(tx.roles().ofDatabases(owner));
    for (Role role : all) {
      RoleRef ref = GrantAdministration.ref(tx, role);
      if (!roles.containsKey(new InTenant(owner, ref.toString()))
          && !RoleAdministration.isBuiltIn(role)) {
        RoleAdministration.drop(tx, actor, owner, ref);
      }
    }
  }
}
