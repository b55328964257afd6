package dev.polder.metastore.lineage;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which database depends on which: a forest, each database with at most one parent. Bound to one
 * transaction.
 */
public final class LineageStore {
  private static final String COLUMNS =
      "SELECT child_id, parent_id, kind, parent_seq, first_seq, created_at FROM lineage WHERE ";

  private final Transaction tx;

  public LineageStore(Transaction tx) {
    this.tx = tx;
  }

  public void link(Lineage lineage) {
    tx.sql()
        .update(
            "INSERT INTO lineage (child_id, parent_id, kind, parent_seq, first_seq, created_at)"
                + " VALUES (?, ?, ?, ?, ?, ?)",
            lineage.child(),
            lineage.parent(),
            lineage.kind(),
            lineage.parentSeq(),
            lineage.firstSeq(),
            lineage.createdAt());
  }

  /** The child has taken over a later state of its parent. */
  public void advance(DatabaseId child, long parentSeq) {
    tx.sql().update("UPDATE lineage SET parent_seq = ? WHERE child_id = ?", parentSeq, child);
  }

  /** A mirror that writes for itself from here on. */
  public void becomeClone(DatabaseId child) {
    tx.sql().update("UPDATE lineage SET kind = 'CLONE' WHERE child_id = ?", child);
  }

  /** The child needs nothing of its parent any more. */
  public void unlink(DatabaseId child) {
    tx.sql().update("DELETE FROM lineage WHERE child_id = ?", child);
  }

  /** The child has files of its own alone from here on. */
  public void becomeIndependent(DatabaseId child) {
    tx.sql()
        .update(
            "INSERT INTO independence (database_id, source_id, materialized_at) SELECT child_id,"
                + " parent_id, ? FROM lineage WHERE child_id = ? ON CONFLICT (database_id) DO"
                + " NOTHING",
            tx.now(),
            child);
    unlink(child);
  }

  /** Since when it is independent; empty: it still is not, or never had a source. */
  public Optional<Independence> independence(DatabaseId database) {
    return tx.sql()
        .one(
            "SELECT source_id, materialized_at FROM independence WHERE database_id = ?",
            row -> new Independence(new DatabaseId(row.integer()), row.integer()),
            database);
  }

  public Optional<Lineage> parent(DatabaseId child) {
    return tx.sql().one(COLUMNS + "child_id = ?", LineageStore::map, child);
  }

  /** Those that depend on it directly, oldest first. */
  public List<Lineage> children(DatabaseId parent) {
    return tx.sql()
        .list(COLUMNS + "parent_id = ? ORDER BY created_at, child_id", LineageStore::map, parent);
  }

  /** The way up, nearest first. */
  public List<Lineage> ancestors(DatabaseId database) {
    List<Lineage> ancestors = new ArrayList<>();
    Optional<Lineage> next = parent(database);
    while (next.isPresent()) {
      ancestors.add(next.get());
      next = parent(next.get().parent());
    }
    return ancestors;
  }

  private static Lineage map(Row row) throws SQLException {
    return new Lineage(
        new DatabaseId(row.integer()),
        new DatabaseId(row.integer()),
        row.enumeration(LineageKind.class),
        row.integer(),
        row.integer(),
        row.integer());
  }
}
