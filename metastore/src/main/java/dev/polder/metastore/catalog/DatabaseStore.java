package dev.polder.metastore.catalog;

import dev.polder.metastore.Page;
import dev.polder.metastore.audit.DmlAudit;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.quota.StorageCheck;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The databases. Their ids are never used again. Bound to one transaction. */
public final class DatabaseStore {
  private static final String COLUMNS =
      "d.id, d.name, d.kind, d.default_database, d.default_schema, d.properties, d.commit_seq,"
          + " d.committed_at, d.created_at, d.dropped_at, d.history_seq, d.purged_at, d.expires_at,"
          + " d.audit_dml";

  private final Transaction tx;

  public DatabaseStore(Transaction tx) {
    this.tx = tx;
  }

  /** Creates a database without spaces; {@link SpaceStore#create} adds them. */
  public Database create(DatabaseName name, DatabaseKind kind, Map<String, String> properties) {
    return create(reserve(), name, kind, properties);
  }

  /** An identity for a database that shall be created later, or never. */
  public DatabaseId reserve() {
    return new DatabaseId(
        tx.sql()
            .number(
                "UPDATE counter SET value = value + 1 WHERE name = 'database' RETURNING value"));
  }

  /** Creates a database without spaces under a reserved identity. */
  public Database create(
      DatabaseId id, DatabaseName name, DatabaseKind kind, Map<String, String> properties) {
    requireFree(name);
    tx.sql()
        .update(
            "INSERT INTO database_ (id, name, kind, properties, commit_seq, committed_at,"
                + " created_at) VALUES (?, ?, ?, ?, 0, ?, ?)",
            id,
            name,
            kind,
            properties,
            tx.now(),
            tx.now());
    tx.quotas().requireFits(id);
    return get(id);
  }

  /** Finds dropped ones too. */
  public Optional<Database> find(DatabaseId id) {
    return tx.sql()
        .one("SELECT " + COLUMNS + " FROM database_ d WHERE d.id = ?", DatabaseStore::map, id);
  }

  public Optional<Database> find(DatabaseName name) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM database_ d WHERE d.name = ? AND d.dropped_at IS NULL",
            DatabaseStore::map,
            name);
  }

  public Database get(DatabaseId id) {
    return find(id).orElseThrow(() -> notFound("database " + id));
  }

  public Database get(DatabaseName name) {
    return find(name).orElseThrow(() -> notFound("database '" + name + "'"));
  }

  /** Live ones, by name. */
  public Page<Database> list(Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM database_ d WHERE d.dropped_at IS NULL AND d.name > ?"
                    + " ORDER BY d.name LIMIT ?",
                DatabaseStore::map,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        database -> database.name().value());
  }

  /** Live ones with a space of the tenant, by name. */
  public Page<Database> list(TenantId tenant, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM space s JOIN database_ d ON d.id = s.database_id WHERE s.tenant = ?"
                    + " AND d.dropped_at IS NULL AND d.name > ? ORDER BY d.name LIMIT ?",
                DatabaseStore::map,
                tenant,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        database -> database.name().value());
  }

  public void rename(DatabaseId id, DatabaseName name) {
    Database database = live(id);
    if (!database.name().equals(name)) {
      requireFree(name);
      tx.sql().update("UPDATE database_ SET name = ? WHERE id = ?", name, id);
    }
  }

  public void setDefaults(
      DatabaseId id, Optional<String> defaultDatabase, Optional<String> defaultSchema) {
    live(id);
    tx.sql()
        .update(
            "UPDATE database_ SET default_database = ?, default_schema = ? WHERE id = ?",
            defaultDatabase,
            defaultSchema,
            id);
  }

  public void setProperties(DatabaseId id, Map<String, String> properties) {
    live(id);
    tx.sql().update("UPDATE database_ SET properties = ? WHERE id = ?", properties, id);
  }

  /** How many seconds a session may be idle in the database; 0: as long as it likes. */
  public long idleTimeout(DatabaseId id) {
    return tx.sql().number("SELECT idle_timeout FROM database_ WHERE id = ?", id);
  }

  public void setIdleTimeout(DatabaseId id, long seconds) {
    live(id);
    tx.sql().update("UPDATE database_ SET idle_timeout = ? WHERE id = ?", seconds, id);
  }

  public void setAuditDml(DatabaseId id, DmlAudit mode) {
    live(id);
    tx.sql().update("UPDATE database_ SET audit_dml = ? WHERE id = ?", mode, id);
  }

  /** Frees the name; rows and files stay for the collector. */
  public void drop(DatabaseId id) {
    if (id.equals(DatabaseId.DEFAULT)) {
      throw new PolderException(
          ErrorCode.CANNOT_DROP_DEFAULT_DATABASE, "the default database cannot be dropped");
    }
    live(id);
    tx.sql().update("UPDATE database_ SET dropped_at = ? WHERE id = ?", tx.now(), id);
    tx.grants().changed();
  }

  /** The last one that was dropped under this name. */
  public Optional<Database> findDropped(DatabaseName name) {
    return tx.sql()
        .one(
            "SELECT "
                + COLUMNS
                + " FROM database_ d WHERE d.name = ? AND d.dropped_at IS NOT NULL ORDER BY"
                + " d.dropped_at DESC, d.id DESC LIMIT 1",
            DatabaseStore::map,
            name);
  }

  /** All that were dropped, the last first. */
  public List<Database> dropped() {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM database_ d WHERE d.dropped_at IS NOT NULL ORDER BY d.dropped_at DESC,"
                + " d.id DESC",
            DatabaseStore::map);
  }

  /** Lets the database be dropped at a time, in microseconds. */
  public void setExpiry(DatabaseId id, long micros) {
    live(id);
    tx.sql().update("UPDATE database_ SET expires_at = ? WHERE id = ?", micros, id);
  }

  /** Live ones whose time has come. */
  public List<Database> expired() {
    return tx.sql()
        .list(
            "SELECT "
                + COLUMNS
                + " FROM database_ d WHERE d.expires_at <= ? AND d.dropped_at IS NULL ORDER BY"
                + " d.expires_at, d.id",
            DatabaseStore::map,
            tx.now());
  }

  /** Takes a drop back, and with it the time to expire; the name must be free. */
  public void undrop(DatabaseId id) {
    Database database = get(id);
    if (database.purgedAt().isPresent()) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND,
          "database "
              + database.name()
              + " was dropped too long ago: its time to be had back is over and its files are"
              + " deleted");
    }
    requireFree(database.name());
    tx.sql()
        .update(
            "UPDATE database_ SET dropped_at = NULL, expires_at = NULL WHERE id = ? AND purged_at IS NULL",
            id);
    tx.quotas().requireFits(id);
    tx.spaces().all(id).stream()
        .findFirst()
        .ifPresent(space -> StorageCheck.requireReturn(tx, space.key()));
  }

  private Database live(DatabaseId id) {
    Database database = get(id);
    if (database.droppedAt().isPresent()) {
      throw notFound("database " + id);
    }
    return database;
  }

  private void requireFree(DatabaseName name) {
    if (find(name).isPresent()) {
      throw new PolderException(
          ErrorCode.DATABASE_EXISTS, "database '" + name + "' exists already");
    }
  }

  private static PolderException notFound(String what) {
    return new PolderException(
        ErrorCode.DATABASE_NOT_FOUND,
        what + " does not exist; SHOW DATABASES lists those there are");
  }

  private static Database map(Row row) throws SQLException {
    return new Database(
        new DatabaseId(row.integer()),
        new DatabaseName(row.text()),
        row.enumeration(DatabaseKind.class),
        row.optionalText(),
        row.optionalText(),
        row.properties(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.optionalInteger(),
        row.integer(),
        row.optionalInteger(),
        row.optionalInteger(),
        row.enumeration(DmlAudit.class));
  }
}
