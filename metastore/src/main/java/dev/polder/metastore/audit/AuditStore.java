package dev.polder.metastore.audit;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The audit trail: one hash chain per database and one for the server. Records are only ever added.
 * Bound to one transaction.
 */
public final class AuditStore {
  private static final int VERIFY_BATCH = 1000;
  private static final long SERVER = -1;

  private final Transaction tx;

  public AuditStore(Transaction tx) {
    this.tx = tx;
  }

  public AuditRecord append(AuditEvent event) {
    long chain = chain(event.database());
    Optional<AuditRecord> last = newest(event.database());
    long seq = last.map(AuditRecord::seq).orElse(0L) + 1;
    String previous = last.map(AuditRecord::hash).orElse(AuditHash.FIRST);
    AuditRecord next =
        new AuditRecord(
            seq, tx.now(), event, previous, AuditHash.of(event, seq, tx.now(), previous));
    tx.sql()
        .update(
            "INSERT INTO audit (chain, seq, at, principal, tenant, action, object, outcome, detail,"
                + " prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            chain,
            seq,
            next.at(),
            event.principal(),
            event.tenant(),
            event.action(),
            event.object(),
            event.outcome(),
            event.detail(),
            previous,
            next.hash());
    return next;
  }

  /** The newest record of a chain; its hash vouches for all before it. */
  public Optional<AuditRecord> newest(Optional<DatabaseId> database) {
    return before(database, Long.MAX_VALUE, 1).stream().findFirst();
  }

  /** A chain's records, newest first, before the given one. */
  public List<AuditRecord> before(Optional<DatabaseId> database, long seq, int limit) {
    return select(database, "seq < ? ORDER BY seq DESC LIMIT ?", seq, limit);
  }

  /** A chain's records, oldest first, after the given one. */
  public List<AuditRecord> after(Optional<DatabaseId> database, long seq, int limit) {
    return select(database, "seq > ? ORDER BY seq LIMIT ?", seq, limit);
  }

  /**
   * Computes the whole chain again and returns the place of the first record that was changed,
   * taken away or put in; empty if all is as it was written.
   */
  public OptionalLong verify(Optional<DatabaseId> database) {
    long seq = 0;
    String previous = AuditHash.FIRST;
    List<AuditRecord> batch = after(database, seq, VERIFY_BATCH);
    while (!batch.isEmpty()) {
      for (AuditRecord next : batch) {
        seq++;
        boolean intact =
            next.seq() == seq
                && next.previousHash().equals(previous)
                && next.hash().equals(AuditHash.of(next.event(), seq, next.at(), previous));
        if (!intact) {
          return OptionalLong.of(seq);
        }
        previous = next.hash();
      }
      batch = after(database, seq, VERIFY_BATCH);
    }
    return OptionalLong.empty();
  }

  private List<AuditRecord> select(
      Optional<DatabaseId> database, String rest, long seq, int limit) {
    return tx.sql()
        .list(
            "SELECT seq, at, prev_hash, hash, principal, tenant, action, object, outcome, detail"
                + " FROM audit WHERE chain = ? AND "
                + rest,
            row -> map(database, row),
            chain(database),
            seq,
            limit);
  }

  private static AuditRecord map(Optional<DatabaseId> database, Row row) throws SQLException {
    long seq = row.integer();
    long at = row.integer();
    String previous = row.text();
    String hash = row.text();
    AuditEvent event =
        new AuditEvent(
            database,
            row.optionalText().map(PrincipalName::new),
            row.optionalText().map(TenantId::new),
            row.text(),
            row.optionalText(),
            row.enumeration(AuditOutcome.class),
            row.text());
    return new AuditRecord(seq, at, event, previous, hash);
  }

  private static long chain(Optional<DatabaseId> database) {
    return database.map(DatabaseId::value).orElse(SERVER);
  }
}
