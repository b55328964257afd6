package dev.polder.metastore.catalog;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.SchemaWriter;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** The spaces: which tenant has a part of which database. Bound to one transaction. */
public final class SpaceStore {
  private final Transaction tx;

  public SpaceStore(Transaction tx) {
    this.tx = tx;
  }

  /** Creates the space with its schema {@code main}. */
  public Space create(SpaceKey key) {
    Database database = tx.databases().get(key.database());
    tx.tenants().get(key.tenant());
    int created =
        tx.sql()
            .update(
                "INSERT INTO space (database_id, tenant, created_at) VALUES (?, ?, ?)"
                    + " ON CONFLICT DO NOTHING",
                key.database(),
                key.tenant(),
                tx.now());
    if (created == 0) {
      throw new PolderException(
          ErrorCode.DATABASE_EXISTS,
          "tenant '" + key.tenant() + "' has a space in '" + database.name() + "' already");
    }
    SchemaId main = new SchemaId(tx.newId().toString());
    new SchemaWriter(tx)
        .create(main, key, SchemaName.MAIN, Map.of(), database.commitSeq(), database.committedAt());
    return new Space(key, tx.now());
  }

  public Optional<Space> find(SpaceKey key) {
    return tx.sql()
        .one(
            "SELECT database_id, tenant, created_at FROM space WHERE database_id = ? AND tenant ="
                + " ?",
            SpaceStore::map,
            key.database(),
            key.tenant());
  }

  public boolean exists(SpaceKey key) {
    return find(key).isPresent();
  }

  /** A database's spaces by tenant. */
  public Page<Space> list(DatabaseId database, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT database_id, tenant, created_at FROM space WHERE database_id = ? AND"
                    + " tenant > ? ORDER BY tenant LIMIT ?",
                SpaceStore::map,
                database,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        space -> space.key().tenant().value());
  }

  /** A tenant's spaces by database id. */
  public Page<Space> list(TenantId tenant, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT database_id, tenant, created_at FROM space WHERE tenant = ? AND"
                    + " database_id > ? ORDER BY database_id LIMIT ?",
                SpaceStore::map,
                tenant,
                after.map(Long::valueOf).orElse(-1L),
                Page.probe(limit)),
        limit,
        space -> Long.toString(space.key().database().value()));
  }

  private static Space map(Row row) throws SQLException {
    return new Space(row.space(), row.integer());
  }
}
