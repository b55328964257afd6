package dev.polder.metastore.access;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseRole;
import dev.polder.model.GroupId;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Who holds which role on which database. Every change moves the grants epoch. Those of a dropped
 * database stay for as long as the drop can be taken back. Bound to one transaction.
 */
public final class DatabaseGrantStore {
  private static final String SELECT =
      "SELECT g.database_id, g.database_role, g.role_id, g.group_id FROM database_grant g WHERE ";
  private static final String ORDER = " ORDER BY g.database_id, g.role_id, g.group_id";

  private final Transaction tx;

  public DatabaseGrantStore(Transaction tx) {
    this.tx = tx;
  }

  /** False: it is held already. */
  public boolean grant(DatabaseGrant grant, Optional<PrincipalId> grantedBy) {
    tx.grants().changed();
    return tx.sql()
            .update(
                "INSERT INTO database_grant (database_id, database_role, role_id, group_id,"
                    + " granted_by, granted_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                grant.database(),
                grant.role(),
                grant.holdingRole().map(RoleId::value).orElse(""),
                grant.holdingGroup().map(GroupId::value).orElse(""),
                grantedBy,
                tx.now())
        == 1;
  }

  /** False: it was not held. */
  public boolean revoke(DatabaseGrant grant) {
    tx.grants().changed();
    return tx.sql()
            .update(
                "DELETE FROM database_grant WHERE database_id = ? AND database_role = ? AND role_id"
                    + " = ? AND group_id = ?",
                grant.database(),
                grant.role(),
                grant.holdingRole().map(RoleId::value).orElse(""),
                grant.holdingGroup().map(GroupId::value).orElse(""))
        == 1;
  }

  /** All that the principal holds on a database, by itself, through its roles and its groups. */
  public List<DatabaseGrant> heldBy(PrincipalId principal, DatabaseId database) {
    return tx.sql()
        .list(
            SELECT
                + "g.database_id = ? AND (g.role_id IN "
                + RoleStore.HELD
                + " OR g.group_id IN (SELECT group_id FROM principal_group WHERE principal_id = ?))"
                + ORDER,
            DatabaseGrantStore::map,
            database,
            principal,
            principal,
            principal,
            principal);
  }

  /** All that is held on a database. */
  public List<DatabaseGrant> on(DatabaseId database) {
    return tx.sql().list(SELECT + "g.database_id = ?" + ORDER, DatabaseGrantStore::map, database);
  }

  public List<DatabaseGrant> of(RoleId holder) {
    return tx.sql().list(SELECT + "g.role_id = ?" + ORDER, DatabaseGrantStore::map, holder);
  }

  public List<DatabaseGrant> of(GroupId holder) {
    return tx.sql().list(SELECT + "g.group_id = ?" + ORDER, DatabaseGrantStore::map, holder);
  }

  void forget(RoleId holder) {
    tx.sql().update("DELETE FROM database_grant WHERE role_id = ?", holder);
  }

  void forget(GroupId holder) {
    tx.sql().update("DELETE FROM database_grant WHERE group_id = ?", holder);
  }

  private static DatabaseGrant map(Row row) throws SQLException {
    return new DatabaseGrant(
        new DatabaseId(row.integer()),
        row.enumeration(DatabaseRole.class),
        Optional.of(row.text()).filter(id -> !id.isEmpty()).map(RoleId::new),
        Optional.of(row.text()).filter(id -> !id.isEmpty()).map(GroupId::new));
  }
}
