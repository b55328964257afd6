package dev.polder.engine.management;

import dev.polder.metastore.Page;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.RoleRef;
import dev.polder.policy.admin.RoleAdministration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The roles that belong to a tenant's databases. Thread-safe. */
public final class CatalogRoles {
  private final Realm realm;

  CatalogRoles(Realm realm) {
    this.realm = realm;
  }

  public List<Described> list(DatabaseName catalog) {
    return realm.read(
        "LIST CATALOG ROLES",
        catalog.value(),
        tx -> {
          Database database = realm.catalog(tx, catalog);
          return Realm.described(
              tx,
              Realm.all(after ->
                  RoleAdministration.list(
                      tx,
                      realm.actor(),
                      realm.owner(),
                      Optional.of(database.id()),
                      after,
                      Page.MAX_LIMIT)));
        });
  }

  public Described create(RoleRef ref, Map<String, String> properties) {
    return realm.write(
        "CREATE ROLE",
        ref.toString(),
        tx -> {
          ref.database().ifPresent(catalog -> realm.catalog(tx, catalog));
          return PrincipalRoles.create(realm, tx, ref, properties);
        });
  }

  public Described get(RoleRef ref) {
    return realm.read("GET ROLE", ref.toString(), tx -> Realm.described(tx, realm.role(tx, ref)));
  }

  public Described update(RoleRef ref, Map<String, String> properties, long version) {
    return realm.write(
        "UPDATE ROLE",
        ref.toString(),
        tx -> PrincipalRoles.update(realm, tx, ref, properties, version));
  }

  /** Drops the role with its grants. */
  public void delete(RoleRef ref) {
    realm.write("DROP ROLE", ref.toString(), tx -> PrincipalRoles.delete(realm, tx, ref));
  }

  /** The roles that belong to no database to which this one was given. */
  public List<Described> principalRoles(RoleRef ref) {
    return realm.read(
        "LIST PRINCIPAL ROLES",
        ref.toString(),
        tx -> {
          Role role = realm.role(tx, ref);
          return Realm.described(
              tx,
              tx.roles().membersOf(role.id()).stream()
                  .filter(member -> member.database().isEmpty() && member.personalOf().isEmpty())
                  .toList());
        });
  }
}
