package dev.polder.metastore.collect;

import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.commit.CondemnedFile;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows by which history ends and files go: how far back each database's states reach, the files
 * that none of them needs, and the journal of what was deleted. Bound to one transaction.
 */
public final class CollectStore {
  private static final String JOURNAL =
      "SELECT path, database_id, collection_id, condemned_at, collected_at, deleted_at FROM"
          + " collected WHERE ";

  private final Transaction tx;

  public CollectStore(Transaction tx) {
    this.tx = tx;
  }

  /** All databases that keep files: live ones, and dropped ones whatever became of them. */
  public List<DatabaseId> databases() {
    return tx.sql()
        .list("SELECT id FROM database_ ORDER BY id", row -> new DatabaseId(row.integer()));
  }

  /** Those dropped at or before the time that can still be had back and that no lease protects. */
  public List<DatabaseId> droppedBefore(long micros) {
    return tx.sql()
        .list(
            "SELECT id FROM database_ d WHERE dropped_at <= ? AND purged_at IS NULL AND NOT EXISTS"
                + " (SELECT 1 FROM lease l WHERE l.database_id = d.id AND l.expires_at > ?) ORDER"
                + " BY id",
            row -> new DatabaseId(row.integer()),
            micros,
            tx.now());
  }

  /** Ends a dropped database for good: it cannot be had back, and holds none of its files. */
  public void purge(DatabaseId database) {
    tx.sql().update("UPDATE database_ SET purged_at = ? WHERE id = ?", tx.now(), database);
    for (String table :
        List.of(
            "grant_",
            "policy",
            "quota",
            "storage_ledger",
            "schema_version",
            "follower",
            "offer",
            "staged_commit",
            "staged_file")) {
      tx.sql().update("DELETE FROM " + table + " WHERE database_id = ?", database);
    }
    tx.spaces().all(database).forEach(space -> tx.sources().deleteIn(space.key()));
    tx.sql()
        .update(
            "DELETE FROM table_version WHERE collection_id IN (SELECT id FROM collection WHERE"
                + " database_id = ?)",
            database);
    tx.roles().deleteIn(database);
    tx.grants().changed();
  }

  /**
   * Lets states from before a time be forgotten. The newest state at that time, and what a lease
   * protects, stay.
   *
   * @return whether there are states to {@link #forget}
   */
  public boolean forgetBefore(DatabaseId database, long micros) {
    long then = tx.commits().seqAt(database, micros).orElse(0);
    long leased = tx.storage().oldestLeasedSeq(database).orElse(Long.MAX_VALUE);
    long seq = Math.min(then, leased);
    int moved =
        tx.sql()
            .update(
                "UPDATE database_ SET history_seq = ? WHERE id = ? AND history_seq < ? AND"
                    + " purged_at IS NULL",
                seq,
                database,
                seq);
    return moved > 0;
  }

  /**
   * Deletes versions that can be asked for no more.
   *
   * @param limit about how many at most
   * @return how many are gone; 0 when none is left
   */
  public int forget(DatabaseId database, int limit) {
    return forget(
            "schema_version",
            "schema_id",
            "SELECT v.schema_id, v.seq FROM schema_version v JOIN database_ d ON d.id ="
                + " v.database_id WHERE v.database_id = ?",
            database,
            limit)
        + forget(
            "table_version",
            "collection_id",
            "SELECT v.collection_id, v.seq FROM collection c JOIN database_ d ON d.id ="
                + " c.database_id JOIN table_version v ON v.collection_id = c.id WHERE"
                + " c.database_id = ?",
            database,
            limit);
  }

  /** A version goes when a later one was there already at the database's oldest state. */
  private int forget(String table, String key, String versions, DatabaseId database, int limit) {
    return tx.sql()
        .update(
            ("DELETE FROM %1$s WHERE (%2$s, seq) IN (%3$s AND v.seq < d.history_seq AND EXISTS"
                    + " (SELECT 1 FROM %1$s n WHERE n.%2$s = v.%2$s AND n.seq > v.seq AND n.seq <="
                    + " d.history_seq) LIMIT ?)")
                .formatted(table, key, versions),
            database,
            limit);
  }

  /** Files of a database that its own states have lost, by path. */
  public List<Candidate> candidates(DatabaseId database, String afterPath, int limit) {
    return tx.sql()
        .list(
            "SELECT path, MIN(collection_id) FROM (SELECT f.path, f.collection_id FROM commit_file"
                + " f JOIN database_ d ON d.id = f.database_id WHERE f.database_id = ? AND f.kind ="
                + " 'REMOVED' AND f.seq <= CASE WHEN d.purged_at IS NULL THEN d.history_seq ELSE ?"
                + " END UNION SELECT f.path, f.collection_id FROM collection c JOIN database_ d ON"
                + " d.id = c.database_id JOIN commit_file f ON f.collection_id = c.id WHERE"
                + " c.database_id = ? AND (c.dropped_seq <= d.history_seq OR d.purged_at IS NOT"
                + " NULL OR c.purged_at IS NOT NULL) AND f.kind = 'ADDED') x WHERE path > ? GROUP BY path ORDER BY path LIMIT"
                + " ?",
            row -> new Candidate(row.text(), new CollectionId(row.text())),
            database,
            Long.MAX_VALUE,
            database,
            afterPath,
            limit);
  }

  /** Whether the database has, or ever had, the file as one of its own or through its cuts. */
  public boolean reaches(DatabaseId database, String path) {
    return new Holders(tx).reaches(database, path);
  }

  /** Looks for what still needs files. */
  public Holders holders() {
    return new Holders(tx);
  }

  /**
   * The live ones of all collections that share files: what a collection was cut from, as far back
   * as that goes, and all that was cut from it.
   */
  public List<CollectionEntry> family(CollectionId collection) {
    List<CollectionEntry> found = new ArrayList<>();
    Deque<CollectionId> next = new ArrayDeque<>(List.of(root(collection)));
    while (!next.isEmpty()) {
      CollectionId id = next.pop();
      tx.collections().find(id).filter(entry -> entry.droppedSeq().isEmpty()).ifPresent(found::add);
      next.addAll(
          tx.sql()
              .list(
                  "SELECT id FROM collection WHERE cut_id = ?",
                  row -> new CollectionId(row.text()),
                  id));
    }
    return found;
  }

  /** The first of a family. */
  public CollectionId root(CollectionId collection) {
    CollectionId root = collection;
    for (Optional<CollectionId> up = Optional.of(root); up.isPresent(); ) {
      root = up.get();
      up =
          tx.sql()
              .one(
                  "SELECT cut_id FROM collection WHERE id = ? AND cut_id IS NOT NULL",
                  row -> new CollectionId(row.text()),
                  root);
    }
    return root;
  }

  /** Whose directory that is: one of the family that shares it. */
  public Optional<CollectionId> at(String location) {
    return tx.sql()
        .one(
            "SELECT id FROM collection WHERE location = ? ORDER BY id LIMIT 1",
            row -> new CollectionId(row.text()),
            location);
  }

  /** Marks files that nothing reaches for deletion and forgets what commits said of them. */
  public void condemn(DatabaseId database, Collection<Candidate> files) {
    List<@Nullable Object[]> paths = new ArrayList<>();
    for (Candidate file : files) {
      tx.storage().condemn(database, file.collection(), List.of(file.path()));
      paths.add(new @Nullable Object[] {file.path()});
    }
    tx.sql().updateAll("DELETE FROM commit_file WHERE path = ?", paths);
  }

  /** Whether a commit, a mirror, a sentence or the journal knows the path: then it is no stray. */
  public boolean knows(String path) {
    return tx.sql()
        .exists(
            "SELECT 1 FROM commit_file WHERE path = ? UNION ALL SELECT 1 FROM condemned WHERE path"
                + " = ? UNION ALL SELECT 1 FROM collected WHERE path = ? AND deleted_at IS NULL"
                + " UNION ALL SELECT 1 FROM staged_file WHERE path = ?",
            path,
            path,
            path,
            path);
  }

  /**
   * Writes files condemned before the time into the journal. From here on no commit may name them.
   * What a commit has named after all is pardoned.
   */
  public List<CollectedFile> collect(long condemnedBefore, int limit) {
    collect(tx.storage().condemned(condemnedBefore - 1, Optional.empty(), limit));
    return pending(limit);
  }

  /** The same for one collection's files alone. */
  public List<CollectedFile> collect(CollectionId collection, long condemnedBefore, int limit) {
    collect(
        tx.sql()
            .list(
                "SELECT path, database_id, since FROM condemned WHERE collection_id = ? AND since <"
                    + " ? ORDER BY path LIMIT ?",
                row ->
                    new CondemnedFile(
                        row.text(), new DatabaseId(row.integer()), collection, row.integer()),
                collection,
                condemnedBefore,
                limit));
    return tx.sql()
        .list(
            JOURNAL + "deleted_at IS NULL AND collection_id = ? ORDER BY path LIMIT ?",
            CollectStore::collected,
            collection,
            limit);
  }

  private void collect(List<CondemnedFile> files) {
    for (CondemnedFile file : files) {
      tx.storage().forgetCondemned(List.of(file.path()));
      if (tx.sql().exists("SELECT 1 FROM commit_file WHERE path = ?", file.path())) {
        continue;
      }
      tx.sql()
          .update(
              "INSERT INTO collected (path, database_id, collection_id, condemned_at,"
                  + " collected_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET"
                  + " deleted_at = NULL",
              file.path(),
              file.database(),
              file.collection(),
              file.since(),
              tx.now());
    }
  }

  /** What is in the journal and not known to be deleted. */
  public List<CollectedFile> pending(int limit) {
    return tx.sql()
        .list(JOURNAL + "deleted_at IS NULL ORDER BY path LIMIT ?", CollectStore::collected, limit);
  }

  /** How large files are, as far as a commit that is remembered tells. */
  public long bytes(Collection<String> paths) {
    long bytes = 0;
    for (String path : paths) {
      bytes +=
          tx.sql()
              .number(
                  "SELECT COALESCE(MAX(bytes), 0) FROM commit_file WHERE path = ? AND kind ="
                      + " 'ADDED'",
                  path);
    }
    return bytes;
  }

  public void deleted(Collection<String> paths) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    paths.forEach(path -> rows.add(new @Nullable Object[] {tx.now(), path}));
    tx.sql().updateAll("UPDATE collected SET deleted_at = ? WHERE path = ?", rows);
  }

  /** The journal by path. */
  public List<CollectedFile> journal(String afterPath, int limit) {
    return tx.sql()
        .list(
            JOURNAL + "path > ? ORDER BY path LIMIT ?", CollectStore::collected, afterPath, limit);
  }

  /** The newest entries of the journal, of one database or of all. */
  public List<CollectedFile> newest(Optional<DatabaseId> database, int limit) {
    long only = database.map(DatabaseId::value).orElse(-1L);
    return tx.sql()
        .list(
            JOURNAL + "(database_id = ? OR ? < 0) ORDER BY collected_at DESC, path LIMIT ?",
            CollectStore::collected,
            only,
            only,
            limit);
  }

  /** Forgets entries of files deleted before the time. */
  public int trimJournal(long before) {
    return tx.sql().update("DELETE FROM collected WHERE deleted_at < ?", before);
  }

  private static CollectedFile collected(Row row) throws SQLException {
    return new CollectedFile(
        row.text(),
        new DatabaseId(row.integer()),
        new CollectionId(row.text()),
        row.integer(),
        row.integer(),
        row.optionalInteger());
  }
}
