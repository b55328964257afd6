package dev.polder.engine.internal.show;

import dev.polder.engine.internal.execute.Rights;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What SHOW AUDIT answers: the newest records of the session's database and of the server, newest
 * first. A superuser sees all of them, a {@code tenant_admin} those that name its tenant, others
 * none. Each of the two chains numbers its own records. Stateless.
 */
final class AuditList {
  static final List<Header> COLUMNS =
      List.of(
          Table.number("seq"),
          Table.time("at"),
          Table.text("principal"),
          Table.text("tenant"),
          Table.text("action"),
          Table.text("object"),
          Table.text("outcome"),
          Table.text("detail"));

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;
  private static final int BATCH = 1_000;

  /** How far back a tenant's records are looked for among the others'. */
  private static final int MAX_BATCHES = 100;

  private AuditList() {}

  static Table of(Work work, OptionalInt asked) {
    int limit = Math.clamp(asked.orElse(DEFAULT_LIMIT), 0, MAX_LIMIT);
    List<AuditRecord> records =
        work.read(tx -> {
          if (!Rights.of(tx, work.context()).administrator()) {
            throw new PolderException(
                ErrorCode.ACCESS_DENIED,
                "only a superuser or a tenant_admin may read the audit trail");
          }
          List<AuditRecord> found = new ArrayList<>();
          DatabaseId database = work.context().session().space().database();
          collect(work, tx, Optional.of(database), limit, found);
          collect(work, tx, Optional.empty(), limit, found);
          return found;
        });
    Table rows = Table.of(COLUMNS);
    records.stream()
        .sorted(
            Comparator.comparingLong(AuditRecord::at)
                .thenComparingLong(AuditRecord::seq)
                .reversed())
        .limit(limit)
        .forEach(record -> add(rows, record));
    return rows;
  }

  private static void collect(
      Work work,
      MetastoreTransaction tx,
      Optional<DatabaseId> chain,
      int limit,
      List<AuditRecord> found) {
    long before = Long.MAX_VALUE;
    int taken = 0;
    for (int batch = 0; batch < MAX_BATCHES && taken < limit; batch++) {
      List<AuditRecord> records = tx.audit().before(chain, before, BATCH);
      if (records.isEmpty()) {
        return;
      }
      for (AuditRecord record : records) {
        if (taken < limit && isShown(work, record.event())) {
          found.add(record);
          taken++;
        }
      }
      before = records.getLast().seq();
    }
  }

  private static boolean isShown(Work work, AuditEvent event) {
    return work.actor().superuser()
        || (event.tenant().isPresent() && event.tenant().equals(work.actor().tenant()));
  }

  private static void add(Table rows, AuditRecord record) {
    AuditEvent event = record.event();
    rows.add(
        record.seq(),
        record.at(),
        event.principal().map(PrincipalName::value).orElse(null),
        event.tenant().map(TenantId::value).orElse(null),
        event.action(),
        event.object().orElse(null),
        event.outcome().name(),
        event.detail());
  }
}
