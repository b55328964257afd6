package dev.polder.maintenance;

import dev.polder.lake.lineage.Clones;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops databases whose time is over, with all that they hold, and forgets requests' keys. One that
 * others were cloned from waits until these are gone or independent. Thread-safe.
 */
final class Expiry {
  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

  private final Metastore metastore;

  Expiry(Metastore metastore) {
    this.metastore = metastore;
  }

  void run() {
    metastore.write(tx -> tx.idempotency().deleteExpired());
    List<DatabaseId> due =
        metastore.read(tx -> tx.databases().expired().stream().map(Database::id).toList());
    for (DatabaseId id : due) {
      try {
        metastore.write(tx -> drop(tx, id));
      } catch (PolderException e) {
        if (e.code() != ErrorCode.CLONE_DEPENDENCY) {
          throw e;
        }
        LOG.info("a database past its time stays: {}", e.getMessage());
      }
    }
  }

  private static boolean drop(MetastoreTransaction tx, DatabaseId id) {
    Optional<Database> due =
        tx.databases().expired().stream().filter(found -> found.id().equals(id)).findFirst();
    if (due.isEmpty()) {
      return false;
    }
    Clones.requireNoDependents(tx, due.get());
    tx.databases().drop(id);
    tx.audit()
        .append(
            new AuditEvent(
                Optional.of(id),
                Optional.empty(),
                Optional.empty(),
                EventType.DATABASE_DROPPED,
                Optional.of(due.get().name().value()),
                AuditOutcome.SUCCESS,
                AuditEvent.detail(Map.of("mode", "EXPIRED"))));
    return true;
  }
}
