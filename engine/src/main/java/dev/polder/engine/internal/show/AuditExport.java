package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.audit.AuditFilter;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.AuditCondition;
import dev.polder.sql.statement.OperationStatement;
import java.util.List;
import java.util.Optional;

/**
 * What AUDIT EXPORT answers: a chain's records as they are stored, oldest first, with all that
 * their hashes are made of. Of records that the reader may not see there are the hashes alone, so
 * that the chain still fits together. Stateless.
 */
final class AuditExport {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("chain"),
          Table.number("seq"),
          Table.number("at"),
          Table.text("event_type"),
          Table.text("user"),
          Table.text("tenant"),
          Table.text("object"),
          Table.text("outcome"),
          Table.text("detail"),
          Table.text("previous_hash"),
          Table.text("hash"),
          Table.flag("withheld"));

  private static final int PAGE = 10_000;

  private AuditExport() {}

  static Table of(Work work, OperationStatement.ExportAudit export) {
    for (AuditCondition condition : export.conditions()) {
      if (condition instanceof AuditCondition.Among || condition instanceof AuditCondition.Like) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "AUDIT EXPORT takes a part of a chain by seq, timestamp, since and until; SHOW AUDIT"
                + " filters");
      }
    }
    int limit = Math.clamp(export.limit().orElse(PAGE), 0, PAGE);
    return work.read(tx -> {
      AuditChain chain = AuditChain.readable(work, tx, export.database());
      AuditFilter filter = AuditFilters.of(export.conditions(), Optional.empty());
      Table rows = Table.of(COLUMNS);
      tx.audit()
          .oldest(chain.database(), filter, limit)
          .forEach(record -> add(rows, chain, record));
      return rows;
    });
  }

  private static void add(Table rows, AuditChain chain, AuditRecord record) {
    String name = record.database().map(DatabaseId::toString).orElse("server");
    if (chain.shows(record)) {
      rows.add(
          name,
          record.seq(),
          record.at(),
          record.type(),
          record.principal().orElse(null),
          record.tenant().orElse(null),
          record.object().orElse(null),
          record.outcome(),
          record.detail(),
          record.previousHash(),
          record.hash(),
          false);
    } else {
      rows.add(
          name,
          record.seq(),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          record.previousHash(),
          record.hash(),
          true);
    }
  }
}
