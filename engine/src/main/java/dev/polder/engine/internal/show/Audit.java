package dev.polder.engine.internal.show;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.model.DatabaseId;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Audit rows of the changes that are made here and not by the policy module. Stateless. */
final class Audit {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Audit() {}

  /** Appends to the server's chain. */
  static void changed(
      MetastoreTransaction tx,
      Identity actor,
      Optional<TenantId> tenant,
      String action,
      String object,
      Map<String, String> detail) {
    append(tx, actor, Optional.empty(), tenant, action, object, detail);
  }

  /** Appends to a database's own chain. */
  static void changed(
      MetastoreTransaction tx,
      Identity actor,
      DatabaseId database,
      Optional<TenantId> tenant,
      String action,
      String object,
      Map<String, String> detail) {
    append(tx, actor, Optional.of(database), tenant, action, object, detail);
  }

  private static void append(
      MetastoreTransaction tx,
      Identity actor,
      Optional<DatabaseId> database,
      Optional<TenantId> tenant,
      String action,
      String object,
      Map<String, String> detail) {
    ObjectNode json = JSON.createObjectNode();
    new TreeMap<>(detail).forEach(json::put);
    tx.audit()
        .append(
            new AuditEvent(
                database,
                Optional.of(actor.name()),
                tenant,
                action,
                Optional.of(object),
                AuditOutcome.SUCCESS,
                json.toString()));
  }
}
