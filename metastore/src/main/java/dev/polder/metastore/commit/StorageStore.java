package dev.polder.metastore.commit;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.quota.StorageCheck;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What spaces occupy, the files of each commit, files condemned to deletion and the leases that
 * protect readers. Bound to one transaction.
 */
public final class StorageStore {
  private static final String SUM =
      "SELECT COALESCE(SUM(bytes), 0), COALESCE(SUM(files), 0), COALESCE(SUM(shared_bytes), 0),"
          + " COALESCE(SUM(shared_files), 0) FROM storage_ledger WHERE ";

  private final Transaction tx;

  public StorageStore(Transaction tx) {
    this.tx = tx;
  }

  public Usage usage(SpaceKey space) {
    return sum(SUM + "database_id = ? AND tenant = ?", space.database(), space.tenant());
  }

  public Usage usage(DatabaseId database) {
    return sum(SUM + "database_id = ?", database);
  }

  /**
   * Refuses what shall take the place of all that is in a database, if it is too much.
   *
   * @param bytes what each tenant will have there
   * @throws dev.polder.model.PolderException STORAGE_QUOTA_EXCEEDED
   */
  public void requireRoom(DatabaseId database, Map<TenantId, Long> bytes) {
    StorageCheck.requireRoom(tx, database, bytes);
  }

  /** What each database that has anything stored is charged with. */
  public Map<DatabaseId, Long> bytes() {
    Map<DatabaseId, Long> all = new HashMap<>();
    tx.sql()
        .list(
            "SELECT database_id, SUM(bytes) FROM storage_ledger GROUP BY database_id",
            row -> Map.entry(new DatabaseId(row.integer()), row.integer()))
        .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return all;
  }

  public Usage usage(SpaceKey space, CollectionId collection) {
    return sum(
        SUM + "database_id = ? AND tenant = ? AND collection_id = ?",
        space.database(),
        space.tenant(),
        collection);
  }

  private Usage sum(String sql, Object... arguments) {
    return tx.sql()
        .one(
            sql,
            row -> new Usage(row.integer(), row.integer(), row.integer(), row.integer()),
            arguments)
        .orElse(new Usage(0, 0));
  }

  /** The files of the commits from one to another, both included. */
  public List<CommitFile> files(DatabaseId database, long fromSeq, long toSeq) {
    return tx.sql()
        .list(
            "SELECT seq, collection_id, kind, path, bytes FROM commit_file WHERE database_id = ?"
                + " AND seq BETWEEN ? AND ? ORDER BY seq, collection_id, path, kind",
            row ->
                new CommitFile(
                    row.integer(),
                    new FileChange(
                        new CollectionId(row.text()),
                        row.enumeration(FileChange.Kind.class),
                        row.text(),
                        row.integer())),
            database,
            fromSeq,
            toSeq);
  }

  /** Sizes of the files of its own that a collection's newest version reaches. */
  public Map<String, Long> open(CollectionId collection) {
    Map<String, Long> open = new HashMap<>();
    tx.sql()
        .list(
            "SELECT kind, path, bytes FROM commit_file WHERE collection_id = ? ORDER BY seq, CASE"
                + " WHEN kind IN ('ADDED', 'SHARED') THEN 0 ELSE 1 END",
            row -> {
              boolean opens = row.enumeration(FileChange.Kind.class) == FileChange.Kind.ADDED;
              String path = row.text();
              return Optional.ofNullable(opens ? open.put(path, row.integer()) : open.remove(path));
            },
            collection);
    return open;
  }

  /** Whether a commit of any database names one of the files. */
  public boolean names(Collection<String> paths) {
    return paths.stream()
        .anyMatch(path -> tx.sql().exists("SELECT 1 FROM commit_file WHERE path = ?", path));
  }

  /** Marks files for deletion; those already marked keep their time. */
  public void condemn(DatabaseId database, CollectionId collection, Collection<String> paths) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    paths.forEach(path -> rows.add(new @Nullable Object[] {path, database, collection, tx.now()}));
    tx.sql()
        .updateAll(
            "INSERT INTO condemned (path, database_id, collection_id, since) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (path) DO NOTHING",
            rows);
  }

  /** The files condemned at or before the time, by path. */
  public List<CondemnedFile> condemned(long since, Optional<String> after, int limit) {
    return tx.sql()
        .list(
            "SELECT path, database_id, collection_id, since FROM condemned WHERE since <= ? AND"
                + " path > ? ORDER BY path LIMIT ?",
            row ->
                new CondemnedFile(
                    row.text(),
                    new DatabaseId(row.integer()),
                    new CollectionId(row.text()),
                    row.integer()),
            since,
            after.orElse(""),
            limit);
  }

  /** Forgets files that were deleted, or that are named again. */
  public void forgetCondemned(Collection<String> paths) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    paths.forEach(path -> rows.add(new @Nullable Object[] {path}));
    tx.sql().updateAll("DELETE FROM condemned WHERE path = ?", rows);
  }

  public Lease acquireLease(String holder, DatabaseId database, long seq, long expiresAt) {
    Lease lease = new Lease(tx.newId().toString(), holder, database, seq, expiresAt);
    tx.sql()
        .update(
            "INSERT INTO lease (id, holder, database_id, seq, expires_at) VALUES (?, ?, ?, ?, ?)",
            lease.id(),
            holder,
            database,
            seq,
            expiresAt);
    return lease;
  }

  /** False: the lease is gone and what it protected may be gone too. */
  public boolean renewLease(String id, long expiresAt) {
    return tx.sql()
            .update(
                "UPDATE lease SET expires_at = ? WHERE id = ? AND expires_at > ?",
                expiresAt,
                id,
                tx.now())
        == 1;
  }

  /** Whether somebody of that name has a live lease. */
  public boolean isLeased(String holder) {
    return tx.sql()
        .exists(
            "SELECT 1 FROM lease WHERE holder = ? AND expires_at > ? LIMIT 1", holder, tx.now());
  }

  public void releaseLease(String id) {
    tx.sql().update("DELETE FROM lease WHERE id = ?", id);
  }

  public int deleteExpiredLeases() {
    return tx.sql().update("DELETE FROM lease WHERE expires_at <= ?", tx.now());
  }

  public List<Lease> leases(DatabaseId database) {
    return tx.sql()
        .list(
            "SELECT id, holder, database_id, seq, expires_at FROM lease WHERE database_id = ?"
                + " AND expires_at > ? ORDER BY seq, id",
            StorageStore::lease,
            database,
            tx.now());
  }

  /** The oldest commit that a live lease protects. */
  public OptionalLong oldestLeasedSeq(DatabaseId database) {
    List<Lease> leases = leases(database);
    return leases.isEmpty() ? OptionalLong.empty() : OptionalLong.of(leases.getFirst().seq());
  }

  private static Lease lease(Row row) throws SQLException {
    return new Lease(
        row.text(), row.text(), new DatabaseId(row.integer()), row.integer(), row.integer());
  }
}
