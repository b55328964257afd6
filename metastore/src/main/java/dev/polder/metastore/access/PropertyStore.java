package dev.polder.metastore.access;

import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import java.util.Map;
import java.util.Optional;

/**
 * The properties that clients keep beside principals, roles and databases. Of two changes from one
 * version the second is refused. They decide nothing. Bound to one transaction.
 */
public final class PropertyStore {
  private final Transaction tx;

  public PropertyStore(Transaction tx) {
    this.tx = tx;
  }

  public VersionedProperties of(PrincipalId id) {
    return get("principal", id);
  }

  public VersionedProperties of(RoleId id) {
    return get("role", id);
  }

  public VersionedProperties of(DatabaseId id) {
    return get("database_", id);
  }

  /**
   * Sets all of them.
   *
   * @throws PolderException ENTITY_VERSION_MISMATCH
   */
  public void set(PrincipalId id, Map<String, String> properties, long version) {
    set("principal", id, properties, version);
  }

  /**
   * Sets all of them.
   *
   * @throws PolderException ENTITY_VERSION_MISMATCH
   */
  public void set(RoleId id, Map<String, String> properties, long version) {
    set("role", id, properties, version);
  }

  /**
   * Sets all of them.
   *
   * @throws PolderException ENTITY_VERSION_MISMATCH
   */
  public void set(DatabaseId id, Map<String, String> properties, long version) {
    set("database_", id, properties, version);
  }

  private VersionedProperties get(String table, Object id) {
    return find(table, id)
        .orElseThrow(() -> new IllegalStateException("no row " + id + " in " + table));
  }

  private Optional<VersionedProperties> find(String table, Object id) {
    return tx.sql()
        .one(
            "SELECT properties, version, updated_at FROM " + table + " WHERE id = ?",
            row -> new VersionedProperties(row.properties(), row.integer(), row.integer()),
            id);
  }

  private void set(String table, Object id, Map<String, String> properties, long version) {
    int changed =
        tx.sql()
            .update(
                "UPDATE "
                    + table
                    + " SET properties = ?, version = version + 1, updated_at = ? WHERE id = ? AND"
                    + " version = ?",
                properties,
                tx.now(),
                id,
                version);
    if (changed == 0) {
      throw new PolderException(
          ErrorCode.ENTITY_VERSION_MISMATCH,
          "it was changed meanwhile: its version is "
              + get(table, id).version()
              + ", not "
              + version
              + "; load it and try again");
    }
    tx.changed();
  }
}
