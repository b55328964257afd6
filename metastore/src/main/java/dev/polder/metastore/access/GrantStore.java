package dev.polder.metastore.access;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.PrincipalId;
import dev.polder.model.Privilege;
import dev.polder.model.RoleId;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The grants of roles, and the epoch that moves with every change of what anybody may do. A
 * decision made under an epoch holds as long as the epoch stays. Bound to one transaction.
 */
public final class GrantStore {
  private static final String COLUMNS =
      "g.role_id, g.privilege, g.kind, g.database_id, g.tenant, g.schema_id, g.collection_id,"
          + " g.field_id, g.granted_by, g.granted_at";
  private static final String SECURABLE =
      " database_id = ? AND tenant = ? AND kind = ? AND schema_id = ? AND collection_id = ? AND"
          + " field_id = ?";

  private final Transaction tx;

  public GrantStore(Transaction tx) {
    this.tx = tx;
  }

  /** Rises in the transaction of every change of principals, roles, grants and the like. */
  public long epoch() {
    return tx.grantsEpoch();
  }

  /** Makes every decision made so far be made again. */
  public void changed() {
    tx.moveGrantsEpoch();
  }

  /** False: the role holds it already. */
  public boolean grant(
      RoleId role, Privilege privilege, Securable on, Optional<PrincipalId> grantedBy) {
    requireOwn(on);
    changed();
    SecurableKey key = SecurableKey.of(on);
    return tx.sql()
            .update(
                "INSERT INTO grant_ (role_id, privilege, database_id, tenant, kind, schema_id,"
                    + " collection_id, field_id, granted_by, granted_at) VALUES (?, ?, ?, ?, ?, ?,"
                    + " ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                role,
                privilege,
                key.space().database(),
                key.space().tenant(),
                key.kind(),
                key.schema(),
                key.collection(),
                key.fieldId(),
                grantedBy,
                tx.now())
        == 1;
  }

  /** False: the role did not hold it on exactly this securable. */
  public boolean revoke(RoleId role, Privilege privilege, Securable on) {
    requireOwn(on);
    changed();
    SecurableKey key = SecurableKey.of(on);
    return tx.sql()
            .update(
                "DELETE FROM grant_ WHERE role_id = ? AND privilege = ? AND" + SECURABLE,
                role,
                privilege,
                key.space().database(),
                key.space().tenant(),
                key.kind(),
                key.schema(),
                key.collection(),
                key.fieldId())
        == 1;
  }

  /**
   * What is granted on the objects in a mirror is what is granted on its source's; a mirror as a
   * whole, and the other systems attached to it, have grants of their own.
   */
  private void requireOwn(Securable on) {
    switch (on) {
      case Securable.Space ignored -> {}
      case Securable.Source ignored -> {}
      case Securable.Schema schema -> tx.mirrors().requireWritable(schema.space().database());
      case Securable.Collection table -> tx.mirrors().requireWritable(table.space().database());
      case Securable.Column column -> tx.mirrors().requireWritable(column.space().database());
    }
  }

  public List<Grant> ofRole(RoleId role) {
    return tx.sql()
        .list("SELECT " + COLUMNS + " FROM grant_ g WHERE g.role_id = ?", GrantStore::map, role);
  }

  /** All that the principal holds in a space through any of its roles. */
  public List<Grant> heldBy(PrincipalId principal, SpaceKey space) {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM grant_ g WHERE g.role_id IN "
                + RoleStore.HELD
                + " AND g.database_id = ? AND g.tenant = ?",
            GrantStore::map,
            principal,
            principal,
            principal,
            space.database(),
            space.tenant());
  }

  /** The grants on exactly this securable. */
  public List<Grant> on(Securable securable) {
    SecurableKey key = SecurableKey.of(securable);
    return tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM grant_ g WHERE" + SECURABLE + " ORDER BY g.role_id",
            GrantStore::map,
            key.space().database(),
            key.space().tenant(),
            key.kind(),
            key.schema(),
            key.collection(),
            key.fieldId());
  }

  /** All grants on a space and on what is in it. */
  public List<Grant> all(SpaceKey space) {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM grant_ g WHERE g.database_id = ? AND g.tenant = ? ORDER BY g.role_id,"
                + " g.kind, g.schema_id, g.collection_id, g.field_id, g.privilege",
            GrantStore::map,
            space.database(),
            space.tenant());
  }

  private static Grant map(Row row) throws SQLException {
    RoleId role = new RoleId(row.text());
    Privilege privilege = row.enumeration(Privilege.class);
    SecurableKey key =
        new SecurableKey(
            row.enumeration(SecurableKey.Kind.class),
            row.space(),
            row.text(),
            row.text(),
            row.fieldId());
    return new Grant(
        role, privilege, key.securable(), row.optionalText().map(PrincipalId::new), row.integer());
  }
}
