package dev.polder.metastore.collect;

import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.SpaceKey;
import java.util.List;
import java.util.Optional;

/**
 * Ends the history of single dropped collections before its time. What clones were cut from, and
 * what others' time travel goes through, stays as it is. Bound to one transaction.
 */
public final class PurgeStore {
  private final Transaction tx;

  public PurgeStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * What becomes of a purged collection's files.
   *
   * @param kept that something else needs
   * @param condemned that are to be deleted
   */
  public record Progress(long kept, long condemned, long deleted) {}

  /**
   * Ends the states of a dropped collection for good; once more does nothing.
   *
   * @return why it must wait; empty: they have ended
   */
  public Optional<String> purge(CollectionId id) {
    CollectionEntry entry = tx.collections().find(id).orElseThrow();
    long dropped =
        entry
            .droppedSeq()
            .orElseThrow(() -> new IllegalStateException("collection " + id + " is not dropped"));
    SpaceKey space = entry.space();
    Optional<String> wait = waitsFor(space, dropped);
    if (wait.isEmpty() && !isPurged(id)) {
      tx.sql().update("UPDATE collection SET purged_at = ? WHERE id = ?", tx.now(), id);
      // Not deleted: an older version that others' time travel needs would seem to last on.
      tx.sql()
          .update(
              "UPDATE table_version SET metadata_location = NULL WHERE collection_id = ? AND seq >"
                  + " ?",
              id,
              lastCut(tx, space));
    }
    return wait;
  }

  private Optional<String> waitsFor(SpaceKey space, long dropped) {
    DatabaseId database = space.database();
    if (tx.moves().find(space).isPresent()) {
      return Optional.of("the tenant is being moved");
    }
    if (tx.storage().oldestLeasedSeq(database).orElse(Long.MAX_VALUE) < dropped) {
      return Optional.of("a backup or a mirror elsewhere still reads a state that has the table");
    }
    boolean behind =
        tx.sql()
            .exists(
                "SELECT 1 FROM mirror m JOIN database_ d ON d.id = m.database_id WHERE m.source_id ="
                    + " ? AND m.last_applied < ? AND d.dropped_at IS NULL AND m.state <>"
                    + " 'PROMOTED'",
                database,
                dropped);
    return behind ? Optional.of("a mirror has not followed yet") : Optional.empty();
  }

  public boolean isPurged(CollectionId id) {
    return tx.sql().exists("SELECT 1 FROM collection WHERE id = ? AND purged_at IS NOT NULL", id);
  }

  /**
   * The newest commit of the space that the history of another one goes through; −1: there is none.
   */
  static long lastCut(Transaction tx, SpaceKey space) {
    return tx.sql()
        .number(
            "SELECT COALESCE(MAX(origin_seq), -1) FROM (SELECT s.origin_seq FROM space s JOIN"
                + " database_ d ON d.id = s.database_id WHERE s.origin_database_id = ? AND s.tenant"
                + " = ? AND d.purged_at IS NULL UNION ALL SELECT p.origin_seq FROM space_past p"
                + " JOIN database_ d ON d.id = p.database_id WHERE p.origin_database_id = ? AND"
                + " p.tenant = ? AND d.purged_at IS NULL) x",
            space.database(),
            space.tenant(),
            space.database(),
            space.tenant());
  }

  /** The collection's own files that commits still speak of, by path. */
  public List<Candidate> candidates(CollectionId id, String afterPath, int limit) {
    return tx.sql()
        .list(
            "SELECT DISTINCT path FROM commit_file WHERE collection_id = ? AND kind = 'ADDED' AND"
                + " path > ? ORDER BY path LIMIT ?",
            row -> new Candidate(row.text(), id),
            id,
            afterPath,
            limit);
  }

  public Progress progress(CollectionId id) {
    return new Progress(
        tx.sql()
            .number(
                "SELECT COUNT(DISTINCT path) FROM commit_file WHERE collection_id = ? AND kind ="
                    + " 'ADDED'",
                id),
        tx.sql()
            .number(
                "SELECT (SELECT COUNT(*) FROM condemned WHERE collection_id = ?) + (SELECT COUNT(*)"
                    + " FROM collected WHERE collection_id = ? AND deleted_at IS NULL)",
                id,
                id),
        tx.sql()
            .number(
                "SELECT COUNT(*) FROM collected WHERE collection_id = ? AND deleted_at IS NOT NULL",
                id));
  }
}
