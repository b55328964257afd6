package dev.polder.engine.internal.show;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.DatabaseId;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.util.Map;
import java.util.Optional;

/** Audit rows of the changes that are made here and not by the policy module. Stateless. */
final class Audit {
  private Audit() {}

  /**
   * Appends to a database's chain.
   *
   * @param tenant whom it concerns; empty: the database as a whole
   */
  static void changed(
      MetastoreTransaction tx,
      Identity actor,
      DatabaseId database,
      Optional<TenantId> tenant,
      EventType type,
      String object,
      Map<String, String> detail) {
    tx.audit()
        .append(
            new AuditEvent(
                Optional.of(database),
                Optional.of(actor.name()),
                tenant,
                type,
                Optional.of(object),
                AuditOutcome.SUCCESS,
                AuditEvent.detail(detail)));
  }
}
