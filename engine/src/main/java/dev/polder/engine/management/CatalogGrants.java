package dev.polder.engine.management;

import dev.polder.engine.internal.catalog.NamespaceNames;
import dev.polder.engine.management.GrantResource.Kind;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Schema;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.RoleRef;
import dev.polder.model.SchemaName;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.policy.admin.DatabaseGrantAdministration;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.Grantee;
import dev.polder.policy.admin.ShownDatabaseGrant;
import dev.polder.policy.admin.ShownGrant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;

/**
 * The grants of catalogs' roles: SQL's, read and written as {@link CatalogPrivilege} says.
 * Thread-safe.
 */
public final class CatalogGrants {
  /** What a grant is on, now. */
  private record Target(Kind kind, List<String> namespace, Optional<String> name) {
    GrantResource with(CatalogPrivilege privilege) {
      return new GrantResource(kind, namespace, name, privilege);
    }
  }

  private record Found(Securable securable, String name) {}

  private final Realm realm;

  CatalogGrants(Realm realm) {
    this.realm = realm;
  }

  /** What the role holds itself, however it was granted; grants on single columns are left out. */
  public List<GrantResource> list(RoleRef ref) {
    return realm.read(
        "LIST GRANTS",
        ref.toString(),
        tx -> {
          Role role = realm.role(tx, ref);
          Map<Securable, Set<Privilege>> held = new LinkedHashMap<>();
          Securable whole = new Securable.Space(space(role));
          databaseRoles(tx, ref)
              .forEach(
                  of -> held.computeIfAbsent(whole, CatalogGrants::none).addAll(of.privileges()));
          for (ShownGrant grant :
              GrantAdministration.ofRole(tx, realm.actor(), realm.owner(), ref)) {
            held.computeIfAbsent(grant.securable(), CatalogGrants::none).add(grant.privilege());
          }
          List<GrantResource> resources = new ArrayList<>();
          held.forEach((on, privileges) ->
              target(tx, on)
                  .ifPresent(target -> {
                    for (CatalogPrivilege privilege : CatalogPrivilege.values()) {
                      if (privilege.isHeld(target.kind(), privileges)) {
                        resources.add(target.with(privilege));
                      }
                    }
                  }));
          return resources;
        });
  }

  public void add(RoleRef ref, GrantResource resource) {
    Set<Privilege> privileges = resource.privilege().grantedOn(resource.kind());
    realm.write(
        "GRANT",
        ref.toString(),
        tx -> {
          Found on = find(tx, realm.role(tx, ref), resource);
          GrantAdministration.grant(
              tx, realm.actor(), privileges, on.securable(), new Grantee.ToRole(ref), on.name());
          return resource;
        });
  }

  /**
   * Revokes what the privilege consists of, on exactly that object.
   *
   * @param cascade also on everything in it
   */
  public void revoke(RoleRef ref, GrantResource resource, boolean cascade) {
    Set<Privilege> privileges = resource.privilege().revokedOn(resource.kind());
    realm.write(
        "REVOKE",
        ref.toString(),
        tx -> {
          Role role = realm.role(tx, ref);
          Found on = find(tx, role, resource);
          revoke(tx, ref, privileges, on);
          if (cascade) {
            for (Grant below : tx.grants().ofRole(role.id())) {
              if (isBelow(below.securable(), on.securable())
                  && privileges.contains(below.privilege())) {
                revoke(
                    tx,
                    ref,
                    EnumSet.of(below.privilege()),
                    new Found(below.securable(), "something in " + on.name()));
              }
            }
          }
          if (resource.kind() == Kind.CATALOG) {
            requireGone(tx, ref, resource.privilege());
          }
          return resource;
        });
  }

  private void revoke(MetastoreTransaction tx, RoleRef ref, Set<Privilege> privileges, Found on) {
    GrantAdministration.revoke(
        tx, realm.actor(), privileges, on.securable(), new Grantee.ToRole(ref), on.name());
  }

  /** What a database role gives is not to be taken apart. */
  private void requireGone(MetastoreTransaction tx, RoleRef ref, CatalogPrivilege privilege) {
    for (DatabaseRole role : databaseRoles(tx, ref)) {
      if (privilege.isHeld(Kind.CATALOG, role.privileges())) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            privilege
                + " is held by "
                + role.word()
                + "; revoke that by SQL: REVOKE "
                + role.word()
                + " ON DATABASE "
                + ref.database().orElseThrow()
                + " FROM ROLE "
                + ref);
      }
    }
  }

  private List<DatabaseRole> databaseRoles(MetastoreTransaction tx, RoleRef ref) {
    return DatabaseGrantAdministration.ofRole(tx, realm.actor(), realm.owner(), ref).stream()
        .map(ShownDatabaseGrant::role)
        .toList();
  }

  private static Set<Privilege> none(Securable ignored) {
    return EnumSet.noneOf(Privilege.class);
  }

  private SpaceKey space(Role role) {
    return new SpaceKey(role.database().orElseThrow(), realm.tenant());
  }

  private Found find(MetastoreTransaction tx, Role role, GrantResource resource) {
    SpaceKey space = space(role);
    if (resource.kind() == Kind.CATALOG) {
      Database database = tx.databases().get(space.database());
      return new Found(new Securable.Space(space), "database " + database.name());
    }
    SchemaName name =
        NamespaceNames.schema(Namespace.of(resource.namespace().toArray(String[]::new)));
    Schema schema =
        tx.schemas()
            .find(space, name)
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.SCHEMA_NOT_FOUND, "namespace " + name + " does not exist"));
    if (resource.kind() == Kind.NAMESPACE) {
      return new Found(new Securable.Schema(space, schema.id()), "schema " + name);
    }
    TableRef ref = new TableRef(name, resource.name().orElseThrow());
    CollectionKind wanted =
        resource.kind() == Kind.VIEW ? CollectionKind.VIEW : CollectionKind.TABLE;
    CollectionEntry entry =
        tx.collections()
            .find(space, ref)
            .filter(
                found -> (found.kind() == CollectionKind.VIEW) == (wanted == CollectionKind.VIEW))
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.COLLECTION_NOT_FOUND,
                    (wanted == CollectionKind.VIEW ? "view " : "table ")
                        + ref
                        + " does not exist"));
    return new Found(
        new Securable.Collection(space, entry.schema(), entry.id()), entry.ref().toString());
  }

  /** What it is now; empty for a column, for a source, and for what was dropped. */
  private static Optional<Target> target(MetastoreTransaction tx, Securable on) {
    return switch (on) {
      case Securable.Space ignored ->
          Optional.of(new Target(Kind.CATALOG, List.of(), Optional.empty()));
      case Securable.Schema schema ->
          tx.schemas()
              .find(schema.schema())
              .filter(found -> found.droppedSeq().isEmpty())
              .map(found -> new Target(Kind.NAMESPACE, found.name().levels(), Optional.empty()));
      case Securable.Collection collection ->
          tx.collections()
              .find(collection.collection())
              .filter(found -> found.droppedSeq().isEmpty())
              .map(found ->
                  new Target(
                      found.kind() == CollectionKind.VIEW ? Kind.VIEW : Kind.TABLE,
                      found.ref().schema().levels(),
                      Optional.of(found.ref().name())));
      case Securable.Column ignored -> Optional.empty();
      case Securable.Source ignored -> Optional.empty();
    };
  }

  private static boolean isBelow(Securable below, Securable above) {
    return below.space().equals(above.space())
        && switch (above) {
          case Securable.Space ignored ->
              !(below instanceof Securable.Space || below instanceof Securable.Source);
          case Securable.Schema schema ->
              switch (below) {
                case Securable.Source ignored -> false;
                case Securable.Space ignored -> false;
                case Securable.Schema ignored -> false;
                case Securable.Collection it -> it.schema().equals(schema.schema());
                case Securable.Column it -> it.schema().equals(schema.schema());
              };
          case Securable.Collection table ->
              below instanceof Securable.Column column
                  && column.collection().equals(table.collection());
          case Securable.Column ignored -> false;
          case Securable.Source ignored -> false;
        };
  }
}
