package dev.polder.metastore.catalog;

import dev.polder.metastore.Page;
import dev.polder.metastore.commit.CommitOutcome;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The spaces: which tenant has a part of which database. Bound to one transaction. */
public final class SpaceStore {
  private static final String COLUMNS =
      "database_id, tenant, created_at, first_seq, origin_database_id, origin_seq";

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
      throw taken(key);
    }
    createMain(key, database.commitSeq(), database.committedAt());
    return new Space(key, tx.now(), 0, Optional.empty());
  }

  /** Creates the space with its schema {@code main} in a database that has a history already. */
  public Space create(SpaceKey key, CommitOutcome.Committed commit) {
    tx.tenants().get(key.tenant());
    Space space = createEmpty(key, commit.seq());
    createMain(key, commit.seq(), commit.committedAt());
    return space;
  }

  private void createMain(SpaceKey key, long seq, long committedAt) {
    SchemaId main = new SchemaId(tx.newId().toString());
    new SchemaWriter(tx).create(main, key, SchemaName.MAIN, Map.of(), seq, committedAt);
  }

  /**
   * Creates a space without schemas whose history before its first commit is that of the same
   * tenant in the origin.
   */
  public Space create(SpaceKey key, long firstSeq, Origin origin) {
    int created =
        tx.sql()
            .update(
                "INSERT INTO space (database_id, tenant, created_at, first_seq,"
                    + " origin_database_id, origin_seq) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO"
                    + " NOTHING",
                key.database(),
                key.tenant(),
                tx.now(),
                firstSeq,
                origin.database(),
                origin.seq());
    if (created == 0) {
      throw taken(key);
    }
    return new Space(key, tx.now(), firstSeq, Optional.of(origin));
  }

  /** Creates a space without schemas and without a history before the commit. */
  public Space createEmpty(SpaceKey key, long firstSeq) {
    int created =
        tx.sql()
            .update(
                "INSERT INTO space (database_id, tenant, created_at, first_seq) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT DO NOTHING",
                key.database(),
                key.tenant(),
                tx.now(),
                firstSeq);
    if (created == 0) {
      throw taken(key);
    }
    return new Space(key, tx.now(), firstSeq, Optional.empty());
  }

  private PolderException taken(SpaceKey key) {
    return new PolderException(
        ErrorCode.DATABASE_EXISTS,
        "tenant '"
            + key.tenant()
            + "' has a space in '"
            + tx.databases().get(key.database()).name()
            + "' already");
  }

  public Optional<Space> find(SpaceKey key) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM space WHERE database_id = ? AND tenant =" + " ?",
            SpaceStore::map,
            key.database(),
            key.tenant());
  }

  public Space get(SpaceKey key) {
    return find(key)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.DATABASE_NOT_FOUND,
                "tenant '"
                    + key.tenant()
                    + "' has no space in database "
                    + tx.databases().get(key.database()).name()));
  }

  /**
   * The space as it was at a commit of its database, also one that a tenant has left since: that
   * with the last first commit not after it.
   */
  public Space getAt(SpaceKey key, long seq) {
    Optional<Space> current = find(key).filter(space -> space.firstSeq() <= seq);
    return current
        .or(() ->
            tx.sql()
                .one(
                    "SELECT "
                        + COLUMNS
                        + " FROM space_past WHERE database_id = ? AND tenant = ? AND first_seq <="
                        + " ? ORDER BY first_seq DESC LIMIT 1",
                    SpaceStore::map,
                    key.database(),
                    key.tenant(),
                    seq))
        .orElseGet(() -> get(key));
  }

  /** Whether the tenant was there and has moved away. */
  public boolean wasLeft(SpaceKey key) {
    return !exists(key)
        && tx.sql()
            .exists(
                "SELECT 1 FROM space_past WHERE database_id = ? AND tenant = ?",
                key.database(),
                key.tenant());
  }

  /** Ends a space. Its history stays. */
  public void retire(SpaceKey key) {
    tx.sql()
        .update(
            "INSERT INTO space_past (database_id, tenant, created_at, first_seq,"
                + " origin_database_id, origin_seq) SELECT database_id, tenant, created_at,"
                + " first_seq, origin_database_id, origin_seq FROM space WHERE database_id = ? AND"
                + " tenant = ?",
            key.database(),
            key.tenant());
    tx.sql()
        .update(
            "DELETE FROM space WHERE database_id = ? AND tenant = ?", key.database(), key.tenant());
  }

  public boolean exists(SpaceKey key) {
    return find(key).isPresent();
  }

  /** A database's spaces by tenant. */
  public Page<Space> list(DatabaseId database, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM space WHERE database_id = ? AND"
                    + " tenant > ? ORDER BY tenant LIMIT ?",
                SpaceStore::map,
                database,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        space -> space.key().tenant().value());
  }

  /** All of a database's spaces, by tenant. */
  public List<Space> all(DatabaseId database) {
    return tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM space WHERE database_id = ? ORDER BY tenant",
            SpaceStore::map,
            database);
  }

  /** A tenant's spaces by database id. */
  public Page<Space> list(TenantId tenant, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM space WHERE tenant = ? AND"
                    + " database_id > ? ORDER BY database_id LIMIT ?",
                SpaceStore::map,
                tenant,
                after.map(Long::valueOf).orElse(-1L),
                Page.probe(limit)),
        limit,
        space -> Long.toString(space.key().database().value()));
  }

  private static Space map(Row row) throws SQLException {
    SpaceKey key = row.space();
    long createdAt = row.integer();
    long firstSeq = row.integer();
    OptionalLong database = row.optionalInteger();
    OptionalLong seq = row.optionalInteger();
    return new Space(
        key,
        createdAt,
        firstSeq,
        database.isPresent()
            ? Optional.of(new Origin(new DatabaseId(database.getAsLong()), seq.orElseThrow()))
            : Optional.empty());
  }
}
