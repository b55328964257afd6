package dev.polder.metastore.lineage;

import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.lineage.DatabaseAccess.Holder;
import dev.polder.metastore.lineage.DatabaseAccess.ObjectPolicy;
import dev.polder.metastore.lineage.DatabaseSettings.GroupRef;
import dev.polder.metastore.lineage.DatabaseSettings.RoleGrant;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseRole;
import dev.polder.model.GroupId;
import dev.polder.model.GroupName;
import dev.polder.model.RoleId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an archive of a database holds beside its tables and the rights on them, and who of those
 * that it names is here. Bound to one transaction.
 */
public final class RestoreStore {
  private final Transaction tx;

  public RestoreStore(Transaction tx) {
    this.tx = tx;
  }

  public DatabaseSettings settings(DatabaseId id) {
    Database database = tx.databases().get(id);
    return new DatabaseSettings(
        database.kind(),
        database.defaultDatabase(),
        database.defaultSchema(),
        database.properties(),
        tx.databases().idleTimeout(id),
        database.auditDml(),
        tx.databaseGrants().on(id).stream().flatMap(it -> roleGrant(it).stream()).toList(),
        values(tx.quotas().own(id)),
        tx.quotas().tenants(id).entrySet().stream()
            .collect(Collectors.toMap(it -> it.getKey().value(), it -> values(it.getValue()))),
        filteredRoles(id));
  }

  private List<String> filteredRoles(DatabaseId id) {
    return tx.spaces().all(id).stream()
        .flatMap(space -> tx.policies().all(space.key()).stream())
        .flatMap(policy -> policy.role().stream())
        .map(RoleId::value)
        .distinct()
        .sorted()
        .toList();
  }

  private static Map<String, Long> values(Quota quota) {
    return quota.values().entrySet().stream()
        .collect(Collectors.toMap(it -> it.getKey().key(), Map.Entry::getValue));
  }

  private static Quota quota(Map<String, Long> values) {
    Map<QuotaField, Long> known = new EnumMap<>(QuotaField.class);
    values.forEach((key, value) -> QuotaField.of(key).ifPresent(field -> known.put(field, value)));
    return new Quota(known);
  }

  private Optional<RoleGrant> roleGrant(DatabaseGrant grant) {
    if (grant.holdingGroup().isPresent()) {
      return grant
          .holdingGroup()
          .flatMap(tx.groups()::find)
          .map(group -> new GroupRef(group.tenant(), group.name().value()))
          .map(group -> new RoleGrant(grant.role(), Optional.empty(), Optional.of(group)));
    }
    return grant
        .holdingRole()
        .flatMap(tx.roles()::find)
        .flatMap(this::holder)
        .map(holder -> new RoleGrant(grant.role(), Optional.of(holder), Optional.empty()));
  }

  private Optional<Holder> holder(Role role) {
    return role.personalOf().isPresent()
        ? role.personalOf()
            .flatMap(tx.principals()::find)
            .map(principal -> Holder.own(principal.name()))
        : Optional.of(Holder.role(role));
  }

  /**
   * Sets all of it; what is held on the database is what is said here alone.
   *
   * @throws dev.polder.model.PolderException QUOTA_OVERCOMMIT
   */
  public void apply(DatabaseId id, DatabaseSettings settings) {
    tx.databases().setDefaults(id, settings.defaultDatabase(), settings.defaultSchema());
    tx.databases().setProperties(id, settings.properties());
    tx.databases().setIdleTimeout(id, settings.idleTimeout());
    tx.databases().setAuditDml(id, settings.auditDml());
    quotas(id, settings);
    tx.databaseGrants().on(id).forEach(tx.databaseGrants()::revoke);
    for (RoleGrant grant : settings.roles()) {
      DatabaseRole role = grant.role();
      grant
          .group()
          .flatMap(this::group)
          .ifPresent(group -> grant(DatabaseGrant.to(group, role, id)));
      grant
          .holder()
          .flatMap(this::role)
          .ifPresent(holder -> grant(DatabaseGrant.to(holder, role, id)));
    }
  }

  private void quotas(DatabaseId id, DatabaseSettings settings) {
    tx.sql().update("DELETE FROM quota WHERE database_id = ?", id);
    tx.quotas().set(id, quota(settings.quota()));
    settings
        .tenantQuotas()
        .forEach((tenant, values) ->
            tx.quotas().set(new SpaceKey(id, new TenantId(tenant)), quota(values)));
  }

  private void grant(DatabaseGrant grant) {
    tx.databaseGrants().grant(grant, Optional.empty());
  }

  /**
   * What of an archive's rights can be had here. The grants of those who are not here are left out:
   * nobody shall come to hold them by a name. A row filter or mask for a role that is not here
   * would miss those who were in it: in that tenant's part of the database grants on other tables
   * alone stay, for views and schemas may open the table too.
   */
  public DatabaseAccess present(
      DatabaseCommit commit, DatabaseAccess access, DatabaseSettings settings) {
    List<ObjectPolicy> unheld = unheld(access, settings);
    Set<TenantId> tenants = unheld.stream().map(ObjectPolicy::tenant).collect(Collectors.toSet());
    Set<CollectionId> tables =
        commit.collections().stream()
            .filter(it -> it.kind() != CollectionKind.VIEW)
            .map(CollectionState::id)
            .collect(Collectors.toSet());
    unheld.forEach(policy -> tables.remove(policy.collection()));
    return new DatabaseAccess(
        access.tenants(),
        access.grants().stream()
            .filter(grant -> isHere(grant.holder()))
            .filter(grant ->
                !tenants.contains(grant.tenant())
                    || grant.collection().filter(tables::contains).isPresent())
            .toList(),
        access.policies());
  }

  /** A commit's tables and views; those whose filters miss somebody belong to nobody. */
  public List<CollectionState> present(
      List<CollectionState> collections, DatabaseAccess access, DatabaseSettings settings) {
    Set<CollectionId> unheld =
        unheld(access, settings).stream().map(ObjectPolicy::collection).collect(Collectors.toSet());
    return collections.stream()
        .map(it -> unheld.contains(it.id()) ? it.ownedBy(Optional.empty()) : it)
        .toList();
  }

  /**
   * What of the settings can be had here: no quotas of tenants who are not in it, and no database
   * roles where these would open a table whose row filter or mask is for a role that is not here.
   */
  public DatabaseSettings presentSettings(DatabaseAccess access, DatabaseSettings settings) {
    return new DatabaseSettings(
        settings.kind(),
        settings.defaultDatabase(),
        settings.defaultSchema(),
        settings.properties(),
        settings.idleTimeout(),
        settings.auditDml(),
        unheld(access, settings).isEmpty() ? settings.roles() : List.of(),
        settings.quota(),
        settings.tenantQuotas().entrySet().stream()
            .filter(entry -> access.tenants().contains(new TenantId(entry.getKey())))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
        settings.filteredRoles());
  }

  /** The policies for roles that are not the ones here, whoever may have their names. */
  private List<ObjectPolicy> unheld(DatabaseAccess access, DatabaseSettings settings) {
    return access.policies().stream()
        .filter(policy ->
            policy
                .role()
                .filter(holder -> holder.principal().isEmpty())
                .filter(holder ->
                    role(holder)
                        .filter(here -> settings.filteredRoles().contains(here.value()))
                        .isEmpty())
                .isPresent())
        .toList();
  }

  /** Those that are named and not here, in words. */
  public Set<String> missing(DatabaseAccess access, DatabaseSettings settings) {
    Set<String> missing = new TreeSet<>();
    access.grants().forEach(grant -> note(grant.holder(), missing));
    access.policies().forEach(policy -> policy.role().ifPresent(role -> note(role, missing)));
    unheld(access, settings).stream()
        .flatMap(policy -> policy.role().stream())
        .forEach(role -> missing.add("grants beside filters or masks for " + words(role)));
    for (RoleGrant grant : settings.roles()) {
      grant.holder().ifPresent(holder -> note(holder, missing));
      grant
          .group()
          .filter(group -> group(group).isEmpty())
          .ifPresent(group -> missing.add("group " + in(group.tenant()) + group.name()));
    }
    return missing;
  }

  private void note(Holder holder, Set<String> missing) {
    if (!isHere(holder)) {
      missing.add(words(holder));
    }
  }

  private static String words(Holder holder) {
    return holder
        .principal()
        .map(name -> "user " + name)
        .orElseGet(() -> "role " + in(holder.tenant()) + holder.name().orElseThrow());
  }

  private static String in(Optional<TenantId> tenant) {
    return tenant.map(it -> it + ".").orElse("");
  }

  private boolean isHere(Holder holder) {
    return holder.principal().isPresent()
        ? holder.principal().flatMap(tx.principals()::find).isPresent()
        : role(holder).isPresent();
  }

  private Optional<RoleId> role(Holder holder) {
    Optional<Principal> principal = holder.principal().flatMap(tx.principals()::find);
    return principal.isPresent()
        ? principal.map(it -> tx.roles().personal(it).id())
        // A restored database is a new one, to which no role belongs yet.
        : holder.role().flatMap(name -> tx.roles().find(holder.tenant(), name)).map(Role::id);
  }

  private Optional<GroupId> group(GroupRef group) {
    return tx.groups().find(group.tenant(), new GroupName(group.name())).map(Group::id);
  }
}
