package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.audit.AuditFilter;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.sql.statement.OperationStatement;
import java.util.List;

/** What SHOW AUDIT answers: the newest records of one chain, newest first. Stateless. */
final class AuditList {
  static final List<Header> COLUMNS =
      List.of(
          Table.number("seq"),
          Table.time("timestamp"),
          Table.text("event_type"),
          Table.text("user"),
          Table.text("tenant"),
          Table.text("database"),
          Table.text("object"),
          Table.text("outcome"),
          Table.text("detail"),
          Table.text("hash"));

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;

  private AuditList() {}

  static Table of(Work work, OperationStatement.ShowAudit show) {
    int limit = Math.clamp(show.limit().orElse(DEFAULT_LIMIT), 0, MAX_LIMIT);
    Table found = read(work, show, limit);
    if (found.isEmpty() && show.database().isEmpty()) {
      work.context()
          .notice(
              "SERVER_TRAIL",
              "these are the server's own records; what concerns a database, also that it was"
                  + " created, cloned or dropped, is in its own trail: SHOW AUDIT IN DATABASE …");
    }
    return found;
  }

  private static Table read(Work work, OperationStatement.ShowAudit show, int limit) {
    return work.read(tx -> {
      AuditChain chain = AuditChain.readable(work, tx, show.database());
      AuditFilter filter = AuditFilters.of(show.conditions(), chain.reader());
      Table rows = Table.of(COLUMNS);
      tx.audit()
          .before(chain.database(), filter, Long.MAX_VALUE, limit)
          .forEach(record -> add(rows, chain, record));
      return rows;
    });
  }

  private static void add(Table rows, AuditChain chain, AuditRecord record) {
    rows.add(
        record.seq(),
        record.at(),
        record.type(),
        record.principal().orElse(null),
        record.tenant().orElse(null),
        chain.name().orElse(null),
        record.object().orElse(null),
        record.outcome(),
        chain.tells(record) ? record.detail() : "{}",
        record.hash());
  }
}
