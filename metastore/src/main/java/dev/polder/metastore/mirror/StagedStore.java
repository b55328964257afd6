package dev.polder.metastore.mirror;

import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.CommitJson;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What mirrors of this server have staged of their sources' commits. Bound to one transaction. */
public final class StagedStore {
  private final Transaction tx;

  public StagedStore(Transaction tx) {
    this.tx = tx;
  }

  /** Keeps a commit and its files; false: the mirror was promoted or dropped meanwhile. */
  public boolean stage(Mirror mirror, StagedCommit staged) {
    if (tx.mirrors()
        .following(mirror.database())
        .filter(it -> it.epoch() == mirror.epoch())
        .isEmpty()) {
      return false;
    }
    drop(mirror.database(), staged.offer());
    tx.sql()
        .update(
            "INSERT INTO staged_commit (database_id, offer_id, position, content) SELECT ?, ?,"
                + " COALESCE(MAX(position), 0) + 1, ? FROM staged_commit WHERE database_id = ?",
            mirror.database(),
            staged.offer(),
            CommitJson.write(staged),
            mirror.database());
    List<@Nullable Object[]> files = new ArrayList<>();
    staged.own().values().stream()
        .flatMap(version -> version.files().stream())
        .filter(file -> file.kind() == FileChange.Kind.ADDED)
        .map(FileChange::path)
        .distinct()
        .forEach(
            path -> files.add(new @Nullable Object[] {path, mirror.database(), staged.offer()}));
    tx.sql()
        .updateAll(
            "INSERT INTO staged_file (path, database_id, offer_id) VALUES (?, ?, ?) ON CONFLICT"
                + " (path) DO UPDATE SET offer_id = excluded.offer_id",
            files);
    return true;
  }

  /** In the order in which they were staged. */
  public List<StagedCommit> list(DatabaseId mirror) {
    return tx.sql()
        .list(
            "SELECT content FROM staged_commit WHERE database_id = ? ORDER BY position",
            row -> CommitJson.read(row.text(), StagedCommit.class),
            mirror);
  }

  public Optional<StagedCommit> find(DatabaseId mirror, String offer) {
    return tx.sql()
        .one(
            "SELECT content FROM staged_commit WHERE database_id = ? AND offer_id = ?",
            row -> CommitJson.read(row.text(), StagedCommit.class),
            mirror,
            offer);
  }

  public List<String> offers(DatabaseId mirror) {
    return tx.sql()
        .list(
            "SELECT offer_id FROM staged_commit WHERE database_id = ?", row -> row.text(), mirror);
  }

  /** Forgets one: it is applied, or was given up; then its files are nobody's. */
  public void drop(DatabaseId mirror, String offer) {
    tx.sql()
        .update("DELETE FROM staged_file WHERE database_id = ? AND offer_id = ?", mirror, offer);
    tx.sql()
        .update("DELETE FROM staged_commit WHERE database_id = ? AND offer_id = ?", mirror, offer);
  }

  /**
   * Makes staged commits whose outcome nobody can tell any more the mirror's own, in order. What
   * does not fit on what the mirror holds by now is left out. What would exceed the storage is not:
   * its client may have been told of it.
   *
   * @param alive those that the source still had when it was asked; empty: it could not be asked
   * @return how many were taken over
   * @throws PolderException STORAGE_QUOTA_EXCEEDED; the caller's transaction must not land
   */
  int takeOver(Mirror mirror, Optional<? extends Collection<String>> alive) {
    int taken = 0;
    for (StagedCommit staged : list(mirror.database())) {
      boolean wanted = alive.isEmpty() || alive.get().contains(staged.offer());
      if (wanted && fits(mirror.database(), staged) && apply(mirror.database(), staged)) {
        taken++;
      }
      drop(mirror.database(), staged.offer());
    }
    return taken;
  }

  private boolean fits(DatabaseId mirror, StagedCommit staged) {
    return staged.content().collections().stream()
        .allMatch(state -> base(mirror, state).equals(staged.base().get(state.id().value())));
  }

  /** The metadata file that a collection of the source has here; empty: it is not here. */
  public String base(DatabaseId mirror, CollectionState state) {
    return tx.takeovers()
        .collection(new SpaceKey(mirror, state.tenant()), state.id())
        .map(CollectionEntry::metadataLocation)
        .orElse("");
  }

  private boolean apply(DatabaseId mirror, StagedCommit staged) {
    Map<CollectionId, OwnVersion> own = new HashMap<>();
    staged.own().forEach((id, version) -> own.put(new CollectionId(id), version));
    tx.sql().update("SAVEPOINT staged_");
    boolean applied = true;
    try {
      tx.takeovers().apply(mirror, staged.content(), own);
    } catch (PolderException e) {
      if (e.code() == ErrorCode.STORAGE_QUOTA_EXCEEDED) {
        throw new PolderException(
            e.code(),
            "commits that the source may have acknowledged do not fit into database "
                + tx.databases().get(mirror).name()
                + ", and nothing was changed; make room for them and promote again: "
                + e.getMessage(),
            e);
      }
      if (e.code() != ErrorCode.COLLECTION_EXISTS && e.code() != ErrorCode.SCHEMA_EXISTS) {
        throw e;
      }
      // Its name was taken by what came in another way.
      tx.sql().update("ROLLBACK TO SAVEPOINT staged_");
      applied = false;
    }
    tx.sql().update("RELEASE SAVEPOINT staged_");
    return applied;
  }
}
