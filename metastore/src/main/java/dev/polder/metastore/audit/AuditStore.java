package dev.polder.metastore.audit;

import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail: one hash chain per database and one for the server. Records are only ever added.
 * Bound to one transaction.
 */
public final class AuditStore {
  private static final long SERVER = -1;

  private final Transaction tx;

  public AuditStore(Transaction tx) {
    this.tx = tx;
  }

  public AuditRecord append(AuditEvent event) {
    long chain = chain(event.database());
    AuditRecord next = AuditRecord.of(event, head(event.database()), tx.now());
    tx.sql()
        .update(
            "INSERT INTO audit (chain, seq, at, event_type, principal, tenant, object, outcome,"
                + " detail, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            chain,
            next.seq(),
            next.at(),
            next.type(),
            next.principal(),
            next.tenant(),
            next.object(),
            next.outcome(),
            next.detail(),
            next.previousHash(),
            next.hash());
    tx.sql()
        .update(
            "INSERT INTO audit_head (chain, seq, hash) VALUES (?, ?, ?) ON CONFLICT (chain) DO"
                + " UPDATE SET seq = excluded.seq, hash = excluded.hash",
            chain,
            next.seq(),
            next.hash());
    return next;
  }

  /** Where a chain ends; its hash vouches for all records. */
  public AuditHead head(Optional<DatabaseId> database) {
    return tx.sql()
        .one(
            "SELECT seq, hash FROM audit_head WHERE chain = ?",
            row -> new AuditHead(row.integer(), row.text()),
            chain(database))
        .orElse(AuditHead.EMPTY);
  }

  /** A chain's records that the filter lets through, newest first, before the given one. */
  public List<AuditRecord> before(
      Optional<DatabaseId> database, AuditFilter filter, long seq, int limit) {
    List<Object> values = new ArrayList<>(List.of(chain(database), seq));
    String conditions = filter.sql(values);
    values.add(limit);
    return select(
        database, "seq < ?" + conditions + " ORDER BY seq DESC LIMIT ?", values.toArray());
  }

  /** A chain's records, oldest first, after the given one. */
  public List<AuditRecord> after(Optional<DatabaseId> database, long seq, int limit) {
    return select(database, "seq > ? ORDER BY seq LIMIT ?", chain(database), seq, limit);
  }

  /** A chain's records that the filter lets through, oldest first. */
  public List<AuditRecord> oldest(Optional<DatabaseId> database, AuditFilter filter, int limit) {
    List<Object> values = new ArrayList<>(List.of(chain(database)));
    String conditions = filter.sql(values);
    values.add(limit);
    return select(database, "seq > 0" + conditions + " ORDER BY seq LIMIT ?", values.toArray());
  }

  private List<AuditRecord> select(
      Optional<DatabaseId> database, String rest, @Nullable Object... values) {
    return tx.sql()
        .list(
            "SELECT seq, at, event_type, principal, tenant, object, outcome, detail, prev_hash, hash"
                + " FROM audit WHERE chain = ? AND "
                + rest,
            row ->
                new AuditRecord(
                    database,
                    row.integer(),
                    row.integer(),
                    row.text(),
                    row.optionalText(),
                    row.optionalText(),
                    row.optionalText(),
                    row.text(),
                    row.text(),
                    row.text(),
                    row.text()),
            values);
  }

  private static long chain(Optional<DatabaseId> database) {
    return database.map(DatabaseId::value).orElse(SERVER);
  }
}
