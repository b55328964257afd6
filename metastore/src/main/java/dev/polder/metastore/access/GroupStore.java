package dev.polder.metastore.access;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupId;
import dev.polder.model.GroupName;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The groups and their members. Every change moves the grants epoch. Bound to one transaction. */
public final class GroupStore {
  private static final String COLUMNS = "g.id, g.tenant, g.name, g.created_at";

  private final Transaction tx;

  public GroupStore(Transaction tx) {
    this.tx = tx;
  }

  public Group create(Optional<TenantId> tenant, GroupName name) {
    if (find(tenant, name).isPresent()) {
      throw new PolderException(ErrorCode.GROUP_EXISTS, "group '" + name + "' exists already");
    }
    tenant.ifPresent(tx.tenants()::get);
    Group group = new Group(new GroupId(tx.newId().toString()), tenant, name, tx.now());
    tx.sql()
        .update(
            "INSERT INTO user_group (id, tenant, name, created_at) VALUES (?, ?, ?, ?)",
            group.id(),
            tenant.map(TenantId::value).orElse(""),
            name,
            tx.now());
    tx.grants().changed();
    return group;
  }

  public Optional<Group> find(GroupId id) {
    return tx.sql()
        .one("SELECT " + COLUMNS + " FROM user_group g WHERE g.id = ?", GroupStore::map, id);
  }

  public Optional<Group> find(Optional<TenantId> tenant, GroupName name) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM user_group g WHERE g.tenant = ? AND g.name = ?",
            GroupStore::map,
            tenant.map(TenantId::value).orElse(""),
            name);
  }

  /** A tenant's groups, or the server's, by name. */
  public Page<Group> list(Optional<TenantId> tenant, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM user_group g WHERE g.tenant = ? AND g.name > ? ORDER BY g.name LIMIT"
                    + " ?",
                GroupStore::map,
                tenant.map(TenantId::value).orElse(""),
                after.orElse(""),
                Page.probe(limit)),
        limit,
        group -> group.name().value());
  }

  public void delete(GroupId id) {
    if (tx.sql().update("DELETE FROM user_group WHERE id = ?", id) == 0) {
      throw new PolderException(ErrorCode.GROUP_NOT_FOUND, "the group does not exist any more");
    }
    tx.sql().update("DELETE FROM principal_group WHERE group_id = ?", id);
    tx.sql().update("DELETE FROM group_role WHERE group_id = ?", id);
    tx.databaseGrants().forget(id);
    tx.grants().changed();
  }

  /** False: it is a member already. */
  public boolean addMember(GroupId group, PrincipalId principal) {
    tx.grants().changed();
    return tx.sql()
            .update(
                "INSERT INTO principal_group (principal_id, group_id) VALUES (?, ?)"
                    + " ON CONFLICT DO NOTHING",
                principal,
                group)
        == 1;
  }

  /** False: it is no member. */
  public boolean removeMember(GroupId group, PrincipalId principal) {
    tx.grants().changed();
    return tx.sql()
            .update(
                "DELETE FROM principal_group WHERE principal_id = ? AND group_id = ?",
                principal,
                group)
        == 1;
  }

  public List<Group> groupsOf(PrincipalId principal) {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM principal_group m JOIN user_group g ON g.id = m.group_id WHERE"
                + " m.principal_id = ? ORDER BY g.id",
            GroupStore::map,
            principal);
  }

  private static Group map(Row row) throws SQLException {
    return new Group(
        new GroupId(row.text()), row.owningTenant(), new GroupName(row.text()), row.integer());
  }
}
