package dev.polder.metastore.catalog;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.Optional;

/** The tenants. The default one exists from the start and stays. Bound to one transaction. */
public final class TenantStore {
  private final Transaction tx;

  public TenantStore(Transaction tx) {
    this.tx = tx;
  }

  public Tenant create(TenantId id) {
    int created =
        tx.sql()
            .update(
                "INSERT INTO tenant (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                id,
                tx.now());
    if (created == 0) {
      throw new PolderException(ErrorCode.TENANT_EXISTS, "tenant '" + id + "' exists already");
    }
    return new Tenant(id, tx.now(), Optional.empty());
  }

  public Optional<Tenant> find(TenantId id) {
    return tx.sql()
        .one(
            "SELECT id, created_at, default_database_id FROM tenant WHERE id = ?",
            TenantStore::map,
            id);
  }

  public Tenant get(TenantId id) {
    return find(id)
        .orElseThrow(() ->
            new PolderException(ErrorCode.TENANT_NOT_FOUND, "tenant '" + id + "' does not exist"));
  }

  public Page<Tenant> list(Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT id, created_at, default_database_id FROM tenant WHERE id > ? ORDER BY id LIMIT ?",
                TenantStore::map,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        tenant -> tenant.id().value());
  }

  /** Where sessions of the tenant begin that name no database; empty: nowhere in particular. */
  public void setDefaultDatabase(TenantId id, Optional<DatabaseId> database) {
    get(id);
    tx.sql().update("UPDATE tenant SET default_database_id = ? WHERE id = ?", database, id);
  }

  /** Refused while the tenant has spaces in live databases, principals, groups or roles. */
  public void delete(TenantId id) {
    get(id);
    boolean used =
        id.equals(TenantId.DEFAULT)
            || tx.sql()
                .exists(
                    "SELECT 1 FROM space s JOIN database_ d ON d.id = s.database_id"
                        + " WHERE s.tenant = ? AND d.dropped_at IS NULL",
                    id)
            || tx.sql().exists("SELECT 1 FROM principal WHERE tenant = ?", id)
            || tx.sql().exists("SELECT 1 FROM user_group WHERE tenant = ?", id)
            || tx.sql().exists("SELECT 1 FROM role WHERE tenant = ?", id);
    if (used) {
      throw new PolderException(
          ErrorCode.TENANT_NOT_EMPTY,
          "tenant '"
              + id
              + "' still has databases, users, groups or roles, or is the default; drop them"
              + " first");
    }
    tx.sources().deleteOf(id);
    tx.sql().update("DELETE FROM identity_provider WHERE tenant = ?", id);
    tx.sql().update("DELETE FROM tenant WHERE id = ?", id);
  }

  private static Tenant map(Row row) throws SQLException {
    return new Tenant(
        new TenantId(row.text()),
        row.integer(),
        row.optionalInteger().stream().mapToObj(DatabaseId::new).findFirst());
  }
}
