package dev.polder.engine.management;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.policy.admin.PropertyAdministration;
import dev.polder.policy.admin.RoleAdministration;
import java.util.List;
import java.util.Map;

/** A tenant's roles that belong to no database, and the catalogs' roles they hold. Thread-safe. */
public final class PrincipalRoles {
  private final Realm realm;

  PrincipalRoles(Realm realm) {
    this.realm = realm;
  }

  public List<Described> list() {
    return realm.read(
        "LIST PRINCIPAL ROLES",
        "principal roles",
        tx ->
            Realm.described(
                tx,
                Realm.all(after ->
                    RoleAdministration.list(
                        tx, realm.actor(), realm.owner(), after, Page.MAX_LIMIT))));
  }

  public Described create(RoleName name, Map<String, String> properties) {
    return realm.write(
        "CREATE ROLE", name.value(), tx -> create(realm, tx, RoleRef.of(name), properties));
  }

  static Described create(
      Realm realm, MetastoreTransaction tx, RoleRef ref, Map<String, String> properties) {
    Role made = RoleAdministration.create(tx, realm.actor(), realm.owner(), ref);
    if (!properties.isEmpty()) {
      PropertyAdministration.set(tx, realm.actor(), realm.owner(), ref, properties, 1);
    }
    return Realm.described(tx, made);
  }

  public Described get(RoleName name) {
    return realm.read(
        "GET ROLE", name.value(), tx -> Realm.described(tx, realm.role(tx, RoleRef.of(name))));
  }

  public Described update(RoleName name, Map<String, String> properties, long version) {
    return realm.write(
        "UPDATE ROLE",
        name.value(),
        tx -> update(realm, tx, RoleRef.of(name), properties, version));
  }

  static Described update(
      Realm realm,
      MetastoreTransaction tx,
      RoleRef ref,
      Map<String, String> properties,
      long version) {
    Role role = realm.role(tx, ref);
    PropertyAdministration.set(tx, realm.actor(), realm.owner(), ref, properties, version);
    return Realm.described(tx, role);
  }

  public void delete(RoleName name) {
    realm.write("DROP ROLE", name.value(), tx -> delete(realm, tx, RoleRef.of(name)));
  }

  static RoleRef delete(Realm realm, MetastoreTransaction tx, RoleRef ref) {
    realm.role(tx, ref);
    RoleAdministration.drop(tx, realm.actor(), realm.owner(), ref);
    return ref;
  }

  /** Whom the role was given to itself, without members of groups. */
  public List<PrincipalEntry> principals(RoleName name) {
    return realm.read(
        "LIST PRINCIPALS",
        name.value(),
        tx -> {
          Role role = realm.role(tx, RoleRef.of(name));
          return Realm.<Principal>all(
                  after -> tx.principals().listHolders(role.id(), after, Page.MAX_LIMIT))
              .stream()
              .map(principal -> Principals.entry(tx, principal))
              .toList();
        });
  }

  /** The roles of a catalog that were given to the role itself. */
  public List<Described> catalogRoles(RoleName name, DatabaseName catalog) {
    return realm.read(
        "LIST CATALOG ROLES",
        name.value(),
        tx -> {
          Role role = realm.role(tx, RoleRef.of(name));
          Database database = realm.catalog(tx, catalog);
          return Realm.described(
              tx,
              tx.roles().givenTo(role.id()).stream()
                  .filter(held -> held.database().filter(database.id()::equals).isPresent())
                  .toList());
        });
  }

  public void assign(RoleName name, DatabaseName catalog, RoleName catalogRole) {
    RoleRef given = RoleRef.in(catalog, catalogRole);
    RoleRef to = RoleRef.of(name);
    realm.write(
        "GRANT ROLE",
        given.toString(),
        tx -> {
          realm.role(tx, to);
          realm.role(tx, given);
          return RoleAdministration.give(tx, realm.actor(), realm.owner(), given, to);
        });
  }

  public void revoke(RoleName name, DatabaseName catalog, RoleName catalogRole) {
    RoleRef taken = RoleRef.in(catalog, catalogRole);
    RoleRef from = RoleRef.of(name);
    realm.write(
        "REVOKE ROLE",
        taken.toString(),
        tx -> {
          realm.role(tx, from);
          realm.role(tx, taken);
          Realm.requireTaken(
              RoleAdministration.take(tx, realm.actor(), realm.owner(), taken, from),
              taken,
              "principal role " + from);
          return taken;
        });
  }
}
