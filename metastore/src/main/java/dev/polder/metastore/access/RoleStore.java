package dev.polder.metastore.access;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The roles and who holds them, directly or through a group. Every change moves the grants epoch.
 * Bound to one transaction.
 */
public final class RoleStore {
  private static final String COLUMNS = "r.id, r.tenant, r.name, r.personal_of, r.created_at";

  /** The ids of all roles that a principal holds; it stands three times in the arguments. */
  static final String HELD =
      "(SELECT role_id FROM principal_role WHERE principal_id = ? UNION SELECT gr.role_id FROM"
          + " principal_group pg JOIN group_role gr ON gr.group_id = pg.group_id WHERE"
          + " pg.principal_id = ? UNION SELECT id FROM role WHERE personal_of = ?)";

  private final Transaction tx;

  public RoleStore(Transaction tx) {
    this.tx = tx;
  }

  public Role create(Optional<TenantId> tenant, RoleName name) {
    if (find(tenant, name).isPresent()) {
      throw new PolderException(ErrorCode.ROLE_EXISTS, "role '" + name + "' exists already");
    }
    tenant.ifPresent(tx.tenants()::get);
    return insert(new RoleId(tx.newId().toString()), tenant, name, Optional.empty());
  }

  /** A principal's own role, made when first asked for. */
  public Role personal(Principal principal) {
    return findPersonal(principal.id())
        .orElseGet(() ->
            insert(
                new RoleId(tx.newId().toString()),
                principal.tenant(),
                new RoleName(principal.id().value()),
                Optional.of(principal.id())));
  }

  private Role insert(
      RoleId id, Optional<TenantId> tenant, RoleName name, Optional<PrincipalId> personalOf) {
    Role role = new Role(id, tenant, name, personalOf, tx.now());
    tx.sql()
        .update(
            "INSERT INTO role (id, tenant, name, personal_of, created_at) VALUES (?, ?, ?, ?, ?)",
            id,
            tenant.map(TenantId::value).orElse(""),
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

  /** Personal roles have no name that finds them. */
  public Optional<Role> find(Optional<TenantId> tenant, RoleName name) {
    return tx.sql()
        .one(
            "SELECT "
                + COLUMNS
                + " FROM role r WHERE r.tenant = ? AND r.name = ? AND r.personal_of IS NULL",
            RoleStore::map,
            tenant.map(TenantId::value).orElse(""),
            name);
  }

  /** A tenant's roles, or the server's, by name, without personal ones. */
  public Page<Role> list(Optional<TenantId> tenant, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM role r WHERE r.tenant = ? AND r.name > ? AND r.personal_of IS NULL"
                    + " ORDER BY r.name LIMIT ?",
                RoleStore::map,
                tenant.map(TenantId::value).orElse(""),
                after.orElse(""),
                Page.probe(limit)),
        limit,
        role -> role.name().value());
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
    tx.grants().changed();
  }

  /** False: it holds the role already. */
  public boolean give(RoleId role, PrincipalId to) {
    tx.grants().changed();
    return tx.sql()
            .update(
                "INSERT INTO principal_role (principal_id, role_id) VALUES (?, ?)"
                    + " ON CONFLICT DO NOTHING",
                to,
                role)
        == 1;
  }

  /** False: it holds the role already. */
  public boolean give(RoleId role, GroupId to) {
    tx.grants().changed();
    return tx.sql()
            .update(
                "INSERT INTO group_role (group_id, role_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                to,
                role)
        == 1;
  }

  /** False: it did not hold the role. */
  public boolean take(RoleId role, PrincipalId from) {
    tx.grants().changed();
    return tx.sql()
            .update("DELETE FROM principal_role WHERE principal_id = ? AND role_id = ?", from, role)
        == 1;
  }

  /** False: it did not hold the role. */
  public boolean take(RoleId role, GroupId from) {
    tx.grants().changed();
    return tx.sql().update("DELETE FROM group_role WHERE group_id = ? AND role_id = ?", from, role)
        == 1;
  }

  /** All roles that the principal holds: directly, through its groups, and its own. */
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
        new RoleName(row.text()),
        row.optionalText().map(PrincipalId::new),
        row.integer());
  }
}
