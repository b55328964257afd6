package dev.polder.metastore.access;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The roles and who holds them, directly, through a group or through other roles. Every change
 * moves the grants epoch. Bound to one transaction.
 */
public final class RoleStore {
  private static final String COLUMNS =
      "r.id, r.tenant, r.database_id, r.name, r.personal_of, r.created_at";

  /** The ids of all roles that a principal holds; it stands three times in the arguments. */
  static final String HELD =
      "(WITH RECURSIVE held(id) AS (SELECT role_id FROM principal_role WHERE principal_id = ?"
          + " UNION SELECT gr.role_id FROM principal_group pg JOIN group_role gr ON gr.group_id ="
          + " pg.group_id WHERE pg.principal_id = ? UNION SELECT id FROM role WHERE personal_of = ?"
          + " UNION SELECT rr.role_id FROM role_role rr JOIN held h ON rr.member_id = h.id) SELECT"
          + " id FROM held)";

  /** The id of a role, and those of all roles that hold it. */
  private static final String HOLDING =
      "WITH RECURSIVE holding(id) AS (SELECT id FROM role WHERE id = ? UNION SELECT rr.member_id"
          + " FROM role_role rr JOIN holding h ON rr.role_id = h.id) ";

  private final Transaction tx;

  public RoleStore(Transaction tx) {
    this.tx = tx;
  }

  public Role create(Optional<TenantId> tenant, RoleName name) {
    return create(tenant, Optional.empty(), name);
  }

  /**
   * Creates a role.
   *
   * @param database the one that it belongs to; empty: none
   */
  public Role create(Optional<TenantId> tenant, Optional<DatabaseId> database, RoleName name) {
    if (find(tenant, database, name).isPresent()) {
      throw new PolderException(ErrorCode.ROLE_EXISTS, "role '" + name + "' exists already");
    }
    tenant.ifPresent(tx.tenants()::get);
    return insert(tenant, database, name, Optional.empty());
  }

  /** A principal's own role, made when first asked for. */
  public Role personal(Principal principal) {
    return findPersonal(principal.id())
        .orElseGet(() ->
            insert(
                principal.tenant(),
                Optional.empty(),
                new RoleName(principal.id().value()),
                Optional.of(principal.id())));
  }

  private Role insert(
      Optional<TenantId> tenant,
      Optional<DatabaseId> database,
      RoleName name,
      Optional<PrincipalId> personalOf) {
    RoleId id = new RoleId(tx.newId().toString());
    Role role = new Role(id, tenant, database, name, personalOf, tx.now());
    tx.sql()
        .update(
            "INSERT INTO role (id, tenant, database_id, name, personal_of, created_at) VALUES (?,"
                + " ?, ?, ?, ?, ?)",
            id,
            tenant.map(TenantId::value).orElse(""),
            key(database),
            name,
            personalOf,
            tx.now());
    tx.grants().changed();
    return role;
  }

  public Optional<Role> findPersonal(PrincipalId principal) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM role r WHERE r.personal_of = ?",
            RoleStore::map,
            principal);
  }

  public Optional<Role> find(RoleId id) {
    return tx.sql().one("SELECT " + COLUMNS + " FROM role r WHERE r.id = ?", RoleStore::map, id);
  }

  private static long key(Optional<DatabaseId> database) {
    return database.map(DatabaseId::value).orElse(-1L);
  }

  /** Personal roles have no name that finds them, and those of databases none of this kind. */
  public Optional<Role> find(Optional<TenantId> tenant, RoleName name) {
    return find(tenant, Optional.empty(), name);
  }

  /** A role by its name among those of a database, or among those of none. */
  public Optional<Role> find(
      Optional<TenantId> tenant, Optional<DatabaseId> database, RoleName name) {
    return tx.sql()
        .one(
            "SELECT "
                + COLUMNS
                + " FROM role r WHERE r.tenant = ? AND r.database_id = ? AND r.name = ? AND"
                + " r.personal_of IS NULL",
            RoleStore::map,
            tenant.map(TenantId::value).orElse(""),
            key(database),
            name);
  }

  /** A tenant's roles, or the server's, by name, without personal ones and those of databases. */
  public Page<Role> list(Optional<TenantId> tenant, Optional<String> after, int limit) {
    return list(tenant, Optional.empty(), after, limit);
  }

  /** Those of a database, or those of none, by name, without personal ones. */
  public Page<Role> list(
      Optional<TenantId> tenant, Optional<DatabaseId> database, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM role r WHERE r.tenant = ? AND r.database_id = ? AND r.name > ? AND"
                    + " r.personal_of IS NULL ORDER BY r.name LIMIT ?",
                RoleStore::map,
                tenant.map(TenantId::value).orElse(""),
                key(database),
                after.orElse(""),
                Page.probe(limit)),
        limit,
        role -> role.name().value());
  }

  /** A tenant's roles that belong to databases, without those of dropped ones. */
  public List<Role> ofDatabases(Optional<TenantId> tenant) {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM role r JOIN database_ d ON d.id = r.database_id WHERE r.tenant = ? AND"
                + " r.database_id >= 0 AND d.dropped_at IS NULL ORDER BY d.name, r.name",
            RoleStore::map,
            tenant.map(TenantId::value).orElse(""));
  }

  /** The roles of a tenant that belong to a database. */
  public List<Role> of(SpaceKey space) {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM role r WHERE r.tenant = ? AND r.database_id = ? ORDER BY r.name",
            RoleStore::map,
            space.tenant(),
            space.database());
  }

  /** Gives the roles that a tenant has in a database to another one: its part moved there. */
  public void move(SpaceKey from, DatabaseId to) {
    tx.sql()
        .update(
            "UPDATE role SET database_id = ? WHERE tenant = ? AND database_id = ?",
            to,
            from.tenant(),
            from.database());
    tx.grants().changed();
  }

  /** Deletes all roles that belong to the database. */
  public void deleteIn(DatabaseId database) {
    tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM role r WHERE r.database_id = ?", RoleStore::map, database)
        .forEach(role -> delete(role.id()));
  }

  /** Deletes the role with its grants; policies that apply to its holders stay and fit nobody. */
  public void delete(RoleId id) {
    if (tx.sql().update("DELETE FROM role WHERE id = ?", id) == 0) {
      throw new PolderException(ErrorCode.ROLE_NOT_FOUND, "the role does not exist any more");
    }
    tx.sql().update("DELETE FROM grant_ WHERE role_id = ?", id);
    tx.databaseGrants().forget(id);
    tx.sql().update("DELETE FROM principal_role WHERE role_id = ?", id);
    tx.sql().update("DELETE FROM group_role WHERE role_id = ?", id);
    tx.sql().update("DELETE FROM role_role WHERE role_id = ? OR member_id = ?", id, id);
    tx.grants().changed();
  }

  /** False: it holds the role already. */
  public boolean give(RoleId role, PrincipalId to) {
    return give("principal_role", "principal_id", to, role);
  }

  /** False: it holds the role already. */
  public boolean give(RoleId role, GroupId to) {
    return give("group_role", "group_id", to, role);
  }

  /**
   * Lets whoever holds one role hold another one too. False: it holds the role already.
   *
   * @throws PolderException ROLE_CYCLE
   */
  public boolean give(RoleId role, RoleId to) {
    boolean cycle = tx.sql().exists(HOLDING + "SELECT 1 FROM holding WHERE id = ?", to, role);
    if (cycle) {
      throw new PolderException(
          ErrorCode.ROLE_CYCLE, "roles cannot hold each other: the one is held by the other");
    }
    return give("role_role", "member_id", to, role);
  }

  private boolean give(String table, String holder, Object to, RoleId role) {
    tx.grants().changed();
    return tx.sql()
            .update(
                "INSERT INTO "
                    + table
                    + " ("
                    + holder
                    + ", role_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                to,
                role)
        == 1;
  }

  /** False: it did not hold the role. */
  public boolean take(RoleId role, RoleId from) {
    return take("role_role", "member_id", from, role);
  }

  private boolean take(String table, String holder, Object from, RoleId role) {
    tx.grants().changed();
    return tx.sql()
            .update(
                "DELETE FROM " + table + " WHERE " + holder + " = ? AND role_id = ?", from, role)
        == 1;
  }

  /** False: it did not hold the role. */
  public boolean take(RoleId role, PrincipalId from) {
    return take("principal_role", "principal_id", from, role);
  }

  /** False: it did not hold the role. */
  public boolean take(RoleId role, GroupId from) {
    return take("group_role", "group_id", from, role);
  }

  /** Whether anybody holds the role, in whatever way. */
  public boolean isHeld(RoleId role) {
    return tx.sql()
        .exists(
            HOLDING
                + "SELECT 1 FROM principal_role WHERE role_id IN (SELECT id FROM holding) UNION ALL"
                + " SELECT 1 FROM group_role gr JOIN principal_group pg ON pg.group_id ="
                + " gr.group_id WHERE gr.role_id IN (SELECT id FROM holding) UNION ALL SELECT 1"
                + " FROM role WHERE personal_of IS NOT NULL AND id IN (SELECT id FROM holding)",
            role);
  }

  /** The roles that were given to the principal itself. */
  public List<Role> givenTo(PrincipalId principal) {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM principal_role p JOIN role r ON r.id = p.role_id WHERE p.principal_id = ?"
                + " ORDER BY r.name, r.id",
            RoleStore::map,
            principal);
  }

  /** The roles that were given to the role itself. */
  public List<Role> givenTo(RoleId member) {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM role_role m JOIN role r ON r.id = m.role_id WHERE m.member_id = ? ORDER BY"
                + " r.name, r.id",
            RoleStore::map,
            member);
  }

  /** All roles that the role's holders hold with it. */
  public List<Role> heldThrough(RoleId role) {
    return tx.sql()
        .list(
            "WITH RECURSIVE held(id) AS (SELECT id FROM role WHERE id = ? UNION SELECT rr.role_id"
                + " FROM role_role rr JOIN held h ON rr.member_id = h.id) SELECT "
                + COLUMNS
                + " FROM role r WHERE r.id IN (SELECT id FROM held) AND r.id <> ? ORDER BY r.id",
            RoleStore::map,
            role,
            role);
  }

  /** The roles that the role itself was given to. */
  public List<Role> membersOf(RoleId role) {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM role_role m JOIN role r ON r.id = m.member_id WHERE m.role_id = ? ORDER"
                + " BY r.name, r.id",
            RoleStore::map,
            role);
  }

  /** All roles that the principal holds: by itself, through groups and roles, and its own. */
  public List<Role> heldBy(PrincipalId principal) {
    return tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM role r WHERE r.id IN " + HELD + " ORDER BY r.id",
            RoleStore::map,
            principal,
            principal,
            principal);
  }

  public List<Role> heldBy(GroupId group) {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM group_role g JOIN role r ON r.id = g.role_id WHERE g.group_id = ? ORDER BY"
                + " r.id",
            RoleStore::map,
            group);
  }

  private static Role map(Row row) throws SQLException {
    return new Role(
        new RoleId(row.text()),
        row.owningTenant(),
        row.optionalInteger().stream().filter(id -> id >= 0).mapToObj(DatabaseId::new).findFirst(),
        new RoleName(row.text()),
        row.optionalText().map(PrincipalId::new),
        row.integer());
  }
}
