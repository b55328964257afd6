package dev.polder.metastore.mirror;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ClusterName;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Which databases are mirrors, and how far they are. What is applied is applied under the mirror's
 * epoch: a promotion moves it, and nothing that was on its way lands after that. Bound to one
 * transaction.
 */
public final class MirrorStore {
  private static final String COLUMNS =
      "SELECT m.database_id, m.cluster, m.source_id, m.source_name, m.mode, m.sync_timeout,"
          + " m.on_timeout, m.state, m.root, m.epoch, m.last_applied, m.source_seq, m.contact_at,"
          + " m.current_at, m.applied_at, m.access_epoch, m.bytes_done, m.bytes_total, m.lease,"
          + " m.error, m.source_identity, m.created_at FROM mirror m ";

  private final Transaction tx;

  public MirrorStore(Transaction tx) {
    this.tx = tx;
  }

  public void create(Mirror mirror) {
    tx.sql()
        .update(
            "INSERT INTO mirror (database_id, cluster, source_id, source_name, mode, sync_timeout,"
                + " on_timeout, state, root, epoch, last_applied, source_seq, contact_at,"
                + " current_at, applied_at, access_epoch, bytes_done, bytes_total, lease, error,"
                + " held_until, source_identity, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
            mirror.database(),
            mirror.cluster(),
            mirror.sourceId(),
            mirror.sourceName(),
            mirror.mode(),
            mirror.syncTimeoutMicros(),
            mirror.onTimeout(),
            mirror.state(),
            mirror.root(),
            mirror.epoch(),
            mirror.lastApplied(),
            mirror.sourceSeq(),
            mirror.contactAt(),
            mirror.currentAt(),
            mirror.appliedAt(),
            mirror.accessEpoch(),
            mirror.bytesDone(),
            mirror.bytesTotal(),
            mirror.lease(),
            mirror.error(),
            mirror.sourceIdentity(),
            mirror.createdAt());
  }

  /** Also one that was promoted. */
  public Optional<Mirror> find(DatabaseId database) {
    return tx.sql().one(COLUMNS + "WHERE m.database_id = ?", MirrorStore::map, database);
  }

  /** Also one that was promoted; {@code NOT_A_MIRROR} if it never was one. */
  public Mirror get(DatabaseId database) {
    return find(database)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.NOT_A_MIRROR,
                "database " + tx.databases().get(database).name() + " is no mirror"));
  }

  /** The database as a mirror that was not promoted. */
  public Optional<Mirror> active(DatabaseId database) {
    return find(database).filter(Mirror::isReadOnly);
  }

  /** The database as a mirror that never held a whole state of its source: nothing is in it. */
  public Optional<Mirror> unfilled(DatabaseId database) {
    return active(database).filter(mirror -> !mirror.isComplete());
  }

  /**
   * Refuses a mirror that never held a whole state with {@code MIRROR_BOOTSTRAPPING}: how far it
   * is, what its last error was, and what to do about it.
   */
  public void requireComplete(Mirror mirror) {
    if (mirror.isComplete()) {
      return;
    }
    String name = tx.databases().get(mirror.database()).name().value();
    throw new PolderException(
        ErrorCode.MIRROR_BOOTSTRAPPING,
        "database "
            + name
            + " is a mirror of "
            + source(mirror)
            + " that has not got its source's first state yet: "
            + mirror.bytesDone()
            + " of "
            + (mirror.bytesTotal() == 0 ? "unknown" : mirror.bytesTotal())
            + " bytes are copied"
            + mirror.error().map(error -> ", and the last error is \"" + error + "\"").orElse("")
            + (mirror.state() == MirrorState.BOOTSTRAPPING
                ? "; try again when SHOW DATABASE MIRROR STATUS FOR " + name + " says following"
                : "; it follows no more: DROP DATABASE " + name + " and mirror again"));
  }

  /** Those that follow, of live databases. */
  public List<Mirror> following() {
    return tx.sql()
        .list(
            COLUMNS
                + "JOIN database_ d ON d.id = m.database_id WHERE m.state IN ('BOOTSTRAPPING',"
                + " 'FOLLOWING') AND d.dropped_at IS NULL ORDER BY m.database_id",
            MirrorStore::map);
  }

  /** Those that were not promoted, of live databases. */
  public List<Mirror> unpromoted() {
    return tx.sql()
        .list(
            COLUMNS
                + "JOIN database_ d ON d.id = m.database_id WHERE m.state <> 'PROMOTED' AND"
                + " d.dropped_at IS NULL ORDER BY m.database_id",
            MirrorStore::map);
  }

  /** The database as one of {@link #following}. */
  public Optional<Mirror> following(DatabaseId database) {
    return following().stream().filter(it -> it.database().equals(database)).findFirst();
  }

  /** Those of a database of this server that its commits must not leave behind. */
  List<Mirror> synchronous(DatabaseId source) {
    return tx.sql()
        .list(
            COLUMNS
                + "JOIN database_ d ON d.id = m.database_id WHERE m.source_id = ? AND m.mode ="
                + " 'SYNC' AND m.state = 'FOLLOWING' AND d.dropped_at IS NULL ORDER BY"
                + " m.database_id",
            MirrorStore::map,
            source);
  }

  /** Refuses to change a mirror with {@code MIRROR_READ_ONLY}. */
  public void requireWritable(DatabaseId database) {
    active(database)
        .ifPresent(mirror -> {
          throw new PolderException(
              ErrorCode.MIRROR_READ_ONLY,
              "database "
                  + tx.databases().get(database).name()
                  + " is a mirror of "
                  + source(mirror)
                  + " and cannot be changed; change its source, or ALTER DATABASE … PROMOTE it");
        });
  }

  /** How a user names the source. */
  public static String source(Mirror mirror) {
    return mirror.cluster().map(cluster -> cluster + ".").orElse("") + mirror.sourceName();
  }

  /**
   * Notes that the mirror holds the state after a commit.
   *
   * @return false: it was promoted or dropped, or somebody else has moved it
   */
  public boolean advance(Mirror from, long seq, long sourceSeq, long accessEpoch) {
    return tx.sql()
            .update(
                "UPDATE mirror SET state = 'FOLLOWING', last_applied = ?, source_seq = ?,"
                    + " contact_at = ?, applied_at = CASE WHEN last_applied < ? THEN ? ELSE"
                    + " applied_at END, current_at = CASE WHEN ? >= ? THEN ? ELSE current_at END,"
                    + " access_epoch = ?, error = NULL WHERE database_id = ? AND epoch = ? AND"
                    + " last_applied = ? AND EXISTS (SELECT 1 FROM database_ d WHERE d.id ="
                    + " mirror.database_id AND d.dropped_at IS NULL)",
                seq,
                sourceSeq,
                tx.now(),
                seq,
                tx.now(),
                seq,
                sourceSeq,
                tx.now(),
                accessEpoch,
                from.database(),
                from.epoch(),
                from.lastApplied())
        == 1;
  }

  /**
   * Notes what the source has by now.
   *
   * @param error what is wrong in spite of that
   */
  public void heard(Mirror mirror, long sourceSeq, Optional<String> error) {
    tx.sql()
        .update(
            "UPDATE mirror SET source_seq = ?, contact_at = ?, current_at = CASE WHEN last_applied"
                + " >= ? THEN ? ELSE current_at END, error = ? WHERE database_id = ? AND epoch = ?",
            sourceSeq,
            tx.now(),
            sourceSeq,
            tx.now(),
            error,
            mirror.database(),
            mirror.epoch());
  }

  public void failed(Mirror mirror, String error) {
    tx.sql()
        .update(
            "UPDATE mirror SET error = ? WHERE database_id = ? AND epoch = ?",
            error,
            mirror.database(),
            mirror.epoch());
  }

  /** Begins with another state of the source, which a lease there keeps. */
  public void bootstrapping(Mirror mirror, Optional<String> lease, long bytesTotal) {
    tx.sql()
        .update(
            "UPDATE mirror SET state = 'BOOTSTRAPPING', lease = ?, bytes_total = ?, bytes_done = 0,"
                + " contact_at = ? WHERE database_id = ? AND epoch = ?",
            lease,
            bytesTotal,
            tx.now(),
            mirror.database(),
            mirror.epoch());
  }

  public void copied(Mirror mirror, long bytesDone) {
    tx.sql()
        .update(
            "UPDATE mirror SET bytes_done = ? WHERE database_id = ? AND epoch = ?",
            bytesDone,
            mirror.database(),
            mirror.epoch());
  }

  /** Takes or keeps the right to apply what comes from a cluster. */
  public boolean hold(DatabaseId database, String holder, long lengthMicros) {
    return tx.sql()
            .update(
                "UPDATE mirror SET holder = ?, held_until = ? WHERE database_id = ? AND (holder ="
                    + " ? OR held_until <= ?)",
                holder,
                tx.now() + lengthMicros,
                database,
                holder,
                tx.now())
        == 1;
  }

  public boolean isHeldBy(DatabaseId database, String holder) {
    return tx.sql()
        .exists(
            "SELECT 1 FROM mirror WHERE database_id = ? AND holder = ? AND held_until > ?",
            database,
            holder,
            tx.now());
  }

  /** Takes the right from everybody: whoever had it runs no more. */
  public void releaseAll() {
    tx.sql().update("UPDATE mirror SET held_until = 0 WHERE held_until > 0");
  }

  public void release(DatabaseId database, String holder) {
    tx.sql()
        .update(
            "UPDATE mirror SET held_until = 0 WHERE database_id = ? AND holder = ?",
            database,
            holder);
  }

  public void release(String holder) {
    tx.sql().update("UPDATE mirror SET held_until = 0 WHERE holder = ?", holder);
  }

  /** Binds a mirror to the database of another server whose state it takes over. */
  public void identify(Mirror mirror, String sourceIdentity) {
    tx.sql()
        .update(
            "UPDATE mirror SET source_identity = ? WHERE database_id = ? AND epoch = ?",
            sourceIdentity,
            mirror.database(),
            mirror.epoch());
  }

  /** Notes whether the source's server was told of the mirror, and not yet of its end. */
  public void registered(DatabaseId database, boolean registered) {
    tx.sql().update("UPDATE mirror SET registered = ? WHERE database_id = ?", registered, database);
  }

  /** Those that their source's server should forget. */
  public List<Mirror> leaving() {
    return tx.sql()
        .list(
            COLUMNS
                + "JOIN database_ d ON d.id = m.database_id WHERE m.registered = 1 AND (m.state IN"
                + " ('PROMOTED', 'DETACHED') OR m.mode = 'ASYNC' OR d.dropped_at IS NOT NULL) ORDER"
                + " BY m.database_id",
            MirrorStore::map);
  }

  /** Goes on without having the source's commits wait: its administrator wants it so. */
  public void becomeAsynchronous(Mirror mirror) {
    tx.sql()
        .update(
            "UPDATE mirror SET mode = 'ASYNC' WHERE database_id = ? AND epoch = ?",
            mirror.database(),
            mirror.epoch());
  }

  /** Ends the following of a source that is not what it was; the mirror stays as it is. */
  public void lost(Mirror mirror, String error) {
    failed(mirror, error);
    if (active(mirror.database()).filter(it -> it.epoch() == mirror.epoch()).isPresent()) {
      fence(mirror.database(), MirrorState.DETACHED);
    }
  }

  /** Ends the following: whatever is on its way under the epoch before does not land. */
  public void fence(DatabaseId database, MirrorState state) {
    tx.sql()
        .update(
            "UPDATE mirror SET epoch = epoch + 1, state = ?, source_id = NULL, held_until = 0 WHERE"
                + " database_id = ?",
            state,
            database);
  }

  private static Mirror map(Row row) throws SQLException {
    DatabaseId database = new DatabaseId(row.integer());
    Optional<ClusterName> cluster = row.optionalText().map(ClusterName::new);
    var source = row.optionalInteger();
    return new Mirror(
        database,
        cluster,
        source.isPresent() ? Optional.of(new DatabaseId(source.getAsLong())) : Optional.empty(),
        new DatabaseName(row.text()),
        row.enumeration(MirrorMode.class),
        row.integer(),
        row.enumeration(TimeoutAction.class),
        row.enumeration(MirrorState.class),
        row.text(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.optionalText(),
        row.optionalText(),
        row.optionalText(),
        row.integer());
  }
}
