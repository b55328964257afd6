package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditFilter;
import dev.polder.metastore.audit.AuditFilter.Comparison;
import dev.polder.metastore.audit.AuditFilter.Condition;
import dev.polder.metastore.audit.AuditFilter.NumberField;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.AuditCondition;
import dev.polder.sql.statement.OperationStatement;
import java.util.ArrayList;
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
      if (chain.reader().isEmpty()) {
        tx.audit()
            .oldest(chain.database(), filter, limit)
            .forEach(record -> add(rows, chain, record));
      } else {
        visible(tx, chain, filter, limit).forEach(record -> add(rows, chain, record));
      }
      return rows;
    });
  }

  /**
   * What a reader of a tenant gets: when a record that it may not see was made, it does not learn
   * by asking for times, so those are always among them.
   */
  private static List<AuditRecord> visible(
      MetastoreTransaction tx, AuditChain chain, AuditFilter filter, int limit) {
    List<AuditRecord> found = new ArrayList<>();
    List<Condition> places = new ArrayList<>();
    List<Condition.Compare> times = new ArrayList<>();
    for (Condition condition : filter.conditions()) {
      if (condition instanceof Condition.Compare(NumberField field, var sign, long value)
          && field == NumberField.TIMESTAMP) {
        times.add(new Condition.Compare(field, sign, value));
      } else {
        places.add(condition);
      }
    }
    long last = 0;
    boolean more = true;
    while (more && found.size() < limit) {
      List<Condition> next = new ArrayList<>(places);
      next.add(new Condition.Compare(NumberField.SEQ, Comparison.MORE, last));
      List<AuditRecord> page =
          tx.audit().oldest(chain.database(), new AuditFilter(next, Optional.empty()), PAGE);
      page.stream()
          .filter(record -> !chain.tells(record) || holds(times, record.at()))
          .limit((long) limit - found.size())
          .forEach(found::add);
      more = page.size() == PAGE;
      last = page.isEmpty() ? last : page.getLast().seq();
    }
    return found;
  }

  private static boolean holds(List<Condition.Compare> times, long at) {
    return times.stream().allMatch(time -> time.comparison().holds(at, time.value()));
  }

  private static void add(Table rows, AuditChain chain, AuditRecord record) {
    String name = record.database().map(DatabaseId::toString).orElse("server");
    if (chain.tells(record)) {
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
