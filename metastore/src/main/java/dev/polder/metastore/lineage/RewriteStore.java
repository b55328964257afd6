package dev.polder.metastore.lineage;

import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.internal.LedgerWriter;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.quota.StorageCheck;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives the versions of collections other files with the same content, so that they need none that
 * belongs to somebody else. Bound to one transaction.
 */
public final class RewriteStore {
  private final Transaction tx;

  public RewriteStore(Transaction tx) {
    this.tx = tx;
  }

  /** One version of a collection and the file that describes it. */
  public record Version(long seq, String metadataLocation) {}

  /** A file that takes another one's place. */
  public record Replacement(String path, long bytes) {}

  /**
   * Those of the database's collections that have versions with somebody else's files. A table that
   * came with a tenant's move is not among them: its files are its own and lie where they lay. Nor
   * is one that was registered from a table of the same space.
   */
  public List<CollectionId> sharing(DatabaseId database) {
    return tx.sql()
        .list(
            "SELECT c.id FROM collection c WHERE c.database_id = ? AND c.cut_end IS NULL AND"
                + " (c.cut_id IS NOT NULL OR EXISTS (SELECT 1 FROM commit_file f WHERE"
                + " f.collection_id = c.id AND f.kind = 'SHARED')) AND NOT EXISTS (SELECT 1 FROM"
                + " collection x WHERE x.id = c.cut_id AND (x.location = c.location OR"
                + " (x.database_id = c.database_id AND x.tenant = c.tenant))) AND EXISTS"
                + " (SELECT 1 FROM table_version v WHERE v.collection_id = c.id AND"
                + " v.metadata_location IS NOT NULL) ORDER BY c.id",
            row -> new CollectionId(row.text()),
            database);
  }

  /** Whether one of them is in the space. */
  public boolean shares(SpaceKey space) {
    return sharing(space.database()).stream()
        .anyMatch(id ->
            tx.collections().find(id).filter(entry -> entry.space().equals(space)).isPresent());
  }

  /** Names in a directory that the collector has used up: a file of that name may be deleted. */
  public Set<String> spent(String directory) {
    Set<String> paths = new HashSet<>();
    for (String table : List.of("condemned", "collected")) {
      paths.addAll(
          tx.sql()
              .list(
                  "SELECT path FROM " + table + " WHERE path > ? AND path < ?",
                  row -> row.text(),
                  directory + "/",
                  directory + "0"));
    }
    return paths;
  }

  /** The collection's versions, oldest first, without its drop. */
  public List<Version> versions(CollectionId id) {
    return tx.sql()
        .list(
            "SELECT seq, metadata_location FROM table_version WHERE collection_id = ? AND"
                + " metadata_location IS NOT NULL ORDER BY seq",
            row -> new Version(row.integer(), row.text()),
            id);
  }

  /**
   * Puts files in the place of others in all of a collection's versions, as of the commits that
   * named those. From the commit on the collection names nothing of what was replaced.
   *
   * @param versions the versions that were looked at
   * @return false, and nothing is changed: the collection has other versions by now
   */
  public boolean replace(
      SpaceKey space,
      CollectionId id,
      String operation,
      List<Version> versions,
      Map<String, Replacement> replacements) {
    if (tx.sql().exists("SELECT 1 FROM collection WHERE id = ? AND cut_end IS NOT NULL", id)) {
      return true; // Another run came first.
    }
    if (!versions(id).equals(versions)) {
      return false;
    }
    CommitOutcome.Committed commit =
        tx.commits().nextUnguarded(space.database(), Optional.empty(), space.tenant(), operation);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Version version : versions) {
      Replacement replacement = replacements.get(version.metadataLocation());
      if (replacement != null) {
        rows.add(new @Nullable Object[] {replacement.path(), id, version.seq()});
      }
    }
    tx.sql()
        .updateAll(
            "UPDATE table_version SET metadata_location = ? WHERE collection_id = ? AND seq = ?",
            rows);
    Replacement current = replacements.get(versions.getLast().metadataLocation());
    if (current != null) {
      tx.sql()
          .update("UPDATE collection SET metadata_location = ? WHERE id = ?", current.path(), id);
    }
    replaceFiles(space, id, commit.seq(), replacements);
    tx.sql().update("UPDATE collection SET cut_end = ? WHERE id = ?", commit.seq(), id);
    return true;
  }

  private record Event(long seq, FileChange.Kind kind, long bytes) {
    boolean opens() {
      return kind == FileChange.Kind.ADDED || kind == FileChange.Kind.SHARED;
    }
  }

  /** The new files' entries are those of the old ones, from the cut on. */
  private void replaceFiles(
      SpaceKey space, CollectionId id, long seq, Map<String, Replacement> replacements) {
    long created = tx.sql().number("SELECT created_seq FROM collection WHERE id = ?", id);
    boolean dropped =
        tx.sql().exists("SELECT 1 FROM collection WHERE id = ? AND dropped_seq IS NOT NULL", id);
    Map<Long, List<FileChange>> changes = new TreeMap<>();
    replacements.forEach((path, by) -> {
      List<Event> of = events(id, path);
      boolean inherited = of.stream().noneMatch(Event::opens);
      boolean own = of.stream().anyMatch(event -> event.kind() == FileChange.Kind.ADDED);
      if (inherited) {
        at(changes, created).add(FileChange.added(id, by.path(), by.bytes()));
      }
      boolean open = inherited;
      for (Event event : of) {
        open = event.opens();
        at(changes, event.seq())
            .add(
                open
                    ? FileChange.added(id, by.path(), by.bytes())
                    : FileChange.removed(id, by.path(), by.bytes()));
      }
      if (open) {
        long bytes = of.isEmpty() ? by.bytes() : of.getLast().bytes();
        at(changes, seq)
            .add(
                isUnreached(path)
                    ? FileChange.removed(id, by.path(), by.bytes())
                    : own
                        ? FileChange.removed(id, path, bytes)
                        : FileChange.released(id, path, bytes));
      }
    });
    StorageCheck storage = StorageCheck.begin(tx, space);
    LedgerWriter ledger = new LedgerWriter(tx);
    changes.forEach((at, files) -> ledger.write(space, at, files));
    if (dropped) {
      tx.sql().update("DELETE FROM storage_ledger WHERE collection_id = ?", id);
    } else {
      tx.sql()
          .update(
              "UPDATE storage_ledger SET shared_bytes = 0, shared_files = 0 WHERE collection_id ="
                  + " ?",
              id);
    }
    storage.require();
  }

  /**
   * Whether the collector found, after the versions were looked at, that no state needs the file
   * any more. Then none needs its copy either, and a row that let go of the file would be the last
   * one that knows it, which would keep it for ever.
   */
  private boolean isUnreached(String path) {
    return !tx.sql().exists("SELECT 1 FROM commit_file WHERE path = ? LIMIT 1", path)
        && tx.sql()
            .exists(
                "SELECT 1 FROM condemned WHERE path = ? UNION ALL SELECT 1 FROM collected WHERE"
                    + " path = ?",
                path,
                path);
  }

  /** What a commit both adds and removes is gone after it. */
  private List<Event> events(CollectionId id, String path) {
    return tx
        .sql()
        .list(
            "SELECT seq, kind, bytes FROM commit_file WHERE path = ? AND collection_id = ?",
            row -> new Event(row.integer(), row.enumeration(FileChange.Kind.class), row.integer()),
            path,
            id)
        .stream()
        .sorted(Comparator.comparingLong(Event::seq).thenComparing(event -> !event.opens()))
        .toList();
  }

  private static List<FileChange> at(Map<Long, List<FileChange>> changes, long seq) {
    return changes.computeIfAbsent(seq, ignored -> new ArrayList<>());
  }

  /** The database's history begins with its own first commit from here on. */
  public void endOrigins(DatabaseId database) {
    // A space that moved here keeps its history: its files came along.
    tx.sql()
        .update(
            "UPDATE space SET origin_database_id = NULL, origin_seq = NULL WHERE database_id = ?"
                + " AND origin_database_id = (SELECT parent_id FROM lineage WHERE child_id = ?)",
            database,
            database);
    tx.lineage().becomeIndependent(database);
  }
}
