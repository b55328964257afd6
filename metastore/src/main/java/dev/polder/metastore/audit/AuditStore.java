package dev.polder.metastore.audit;

import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
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
    return appendAll(List.of(event)).getFirst();
  }

  /** Appends in order; each chain's end is read and written once. */
  public List<AuditRecord> appendAll(List<AuditEvent> events) {
    Map<Optional<DatabaseId>, AuditHead> heads = new LinkedHashMap<>();
    List<AuditRecord> records = new ArrayList<>(events.size());
    for (AuditEvent event : events) {
      AuditHead head = heads.computeIfAbsent(event.database(), this::head);
      AuditRecord next = AuditRecord.of(event, head, tx.now());
      heads.put(event.database(), new AuditHead(next.seq(), next.hash()));
      records.add(next);
    }
    tx.sql()
        .updateAll(
            "INSERT INTO audit (chain, seq, at, event_type, principal, tenant, object, outcome,"
                + " detail, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            records.stream().map(AuditStore::values).toList());
    heads.forEach((database, head) ->
        tx.sql()
            .update(
                "INSERT INTO audit_head (chain, seq, hash) VALUES (?, ?, ?) ON CONFLICT (chain) DO"
                    + " UPDATE SET seq = excluded.seq, hash = excluded.hash",
                chain(database),
                head.seq(),
                head.hash()));
    return List.copyOf(records);
  }

  private static @Nullable Object[] values(AuditRecord record) {
    return new @Nullable Object[] {
      chain(record.database()),
      record.seq(),
      record.at(),
      record.type(),
      record.principal(),
      record.tenant(),
      record.object(),
      record.outcome(),
      record.detail(),
      record.previousHash(),
      record.hash()
    };
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
    Predicate<AuditRecord> patterns = filter.patterns();
    List<AuditRecord> found = new ArrayList<>();
    long next = seq;
    boolean more = true;
    while (more && found.size() < limit) {
      List<Object> values = new ArrayList<>(List.of(chain(database), next));
      String conditions = filter.sql(values);
      values.add(limit);
      List<AuditRecord> page =
          select(
              database,
              "seq > 0 AND seq < ?" + conditions + " ORDER BY seq DESC LIMIT ?",
              values.toArray());
      page.stream().filter(patterns).limit((long) limit - found.size()).forEach(found::add);
      more = page.size() == limit;
      next = page.isEmpty() ? next : page.getLast().seq();
    }
    return found;
  }

  /** A record before the chain's first place, where none can be but one that was put in. */
  OptionalLong forged(Optional<DatabaseId> database) {
    return tx.sql()
        .one(
            "SELECT seq FROM audit WHERE chain = ? AND seq < 1 ORDER BY seq LIMIT 1",
            row -> OptionalLong.of(row.integer()),
            chain(database))
        .orElse(OptionalLong.empty());
  }

  /** Whether a chain cannot be empty: a database that somebody made begins with its making. */
  boolean begun(Optional<DatabaseId> database) {
    return database
        .filter(id -> !id.equals(DatabaseId.DEFAULT))
        .flatMap(tx.databases()::find)
        .isPresent();
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
            "SELECT seq, at, event_type, principal, tenant, object, outcome, detail, prev_hash,"
                + " hash FROM audit WHERE chain = ? AND "
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
