package dev.polder.metastore.mirror;

import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.lineage.CommitJson;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.model.DatabaseId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Commits on their way to a database's followers. Those that are open never get in each other's
 * way: whichever of them a follower has staged, it can take all of them over. Bound to one
 * transaction.
 */
public final class OfferStore {
  private final Transaction tx;

  public OfferStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * Offers a commit.
   *
   * @param lengthMicros after how long others may take the offer for given up
   * @return its id; empty: an open one is in its way
   */
  public Optional<String> make(CommitRequest request, long lengthMicros) {
    OfferClaims claims = OfferClaims.of(request);
    tx.sql()
        .list(
            "SELECT id FROM offer WHERE database_id = ? AND commit_seq IS NULL AND expires_at < ?",
            row -> row.text(),
            request.database(),
            tx.now())
        .forEach(this::delete);
    boolean free =
        tx
            .sql()
            .list(
                "SELECT claims FROM offer WHERE database_id = ? AND commit_seq IS NULL",
                row -> OfferClaims.parse(row.text()),
                request.database())
            .stream()
            .noneMatch(claims::conflictsWith);
    if (!free) {
      return Optional.empty();
    }
    String id = tx.newId().toString();
    tx.sql()
        .update(
            "INSERT INTO offer (id, database_id, made_at, expires_at, claims, content) VALUES (?,"
                + " ?, ?, ?, ?, ?)",
            id,
            request.database(),
            tx.now(),
            tx.now() + lengthMicros,
            claims.toString(),
            CommitJson.write(new OfferContent(tx).of(request)));
    List<@Nullable Object[]> files = new ArrayList<>();
    request.files().stream()
        .filter(it -> it.kind() == FileChange.Kind.ADDED)
        .map(FileChange::path)
        .distinct()
        .forEach(path -> files.add(new @Nullable Object[] {path, id}));
    tx.sql().updateAll("INSERT INTO offer_file (path, offer_id) VALUES (?, ?)", files);
    tx.changed();
    return Optional.of(id);
  }

  /**
   * The open ones, and those that became commits after one, in the order in which they were made.
   */
  public List<Offer> after(DatabaseId database, long seq) {
    return tx.sql()
        .list(
            "SELECT id, commit_seq, content FROM offer WHERE database_id = ? AND (commit_seq IS"
                + " NULL OR commit_seq > ?) ORDER BY made_at, id",
            row ->
                new Offer(
                    row.text(),
                    row.optionalInteger(),
                    CommitJson.read(row.text(), DatabaseCommit.class)),
            database,
            seq);
  }

  /** Whether a follower has said that it staged an offer. */
  public boolean isStaged(String offer, String follower) {
    return tx.sql()
        .exists(
            "SELECT 1 FROM offer_receipt WHERE offer_id = ? AND follower_id = ?", offer, follower);
  }

  /** A follower holds what the commit needs, durably. */
  public void staged(DatabaseId database, String offer, String follower) {
    tx.sql()
        .update(
            "INSERT INTO offer_receipt (offer_id, follower_id) SELECT id, ? FROM offer WHERE id = ?"
                + " AND database_id = ? ON CONFLICT (offer_id, follower_id) DO NOTHING",
            follower,
            offer,
            database);
    tx.changed();
  }

  /** Whether the commit is still offered and everybody who must has staged it. */
  public boolean isWhole(DatabaseId database, String offer) {
    return tx.sql().exists("SELECT 1 FROM offer WHERE id = ? AND commit_seq IS NULL", offer)
        && tx.followers().awaited(database, offer).isEmpty();
  }

  /** The offer has become a commit. */
  public void landed(String offer, long seq) {
    tx.sql().update("UPDATE offer SET commit_seq = ? WHERE id = ?", seq, offer);
    tx.sql().update("DELETE FROM offer_file WHERE offer_id = ?", offer);
  }

  /** Gives an offer up that has not become a commit. */
  public void withdraw(String offer) {
    if (tx.sql().exists("SELECT 1 FROM offer WHERE id = ? AND commit_seq IS NULL", offer)) {
      delete(offer);
      tx.changed();
    }
  }

  /** Gives all open ones up: whoever made them runs no more. */
  public void withdrawAll() {
    tx.sql()
        .list("SELECT id FROM offer WHERE commit_seq IS NULL", row -> row.text())
        .forEach(this::delete);
  }

  /** Forgets offers of which all who wait for them have the commit. */
  void forget(DatabaseId database) {
    tx.sql()
        .list(
            "SELECT id FROM offer WHERE database_id = ? AND commit_seq IS NOT NULL AND NOT EXISTS"
                + " (SELECT 1 FROM follower f WHERE f.database_id = offer.database_id AND f.state IN"
                + " ('CATCHING_UP', 'SYNCHRONOUS') AND f.acknowledged < offer.commit_seq)",
            row -> row.text(),
            database)
        .forEach(this::delete);
  }

  private void delete(String offer) {
    tx.sql().update("DELETE FROM offer_file WHERE offer_id = ?", offer);
    tx.sql().update("DELETE FROM offer_receipt WHERE offer_id = ?", offer);
    tx.sql().update("DELETE FROM offer WHERE id = ?", offer);
  }

  /** Whether an open offer of the database brings the file. */
  public boolean brings(DatabaseId database, String path) {
    return tx.sql()
        .exists(
            "SELECT 1 FROM offer_file f JOIN offer o ON o.id = f.offer_id WHERE f.path = ? AND"
                + " o.database_id = ?",
            path,
            database);
  }
}
