package dev.polder.policy.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.model.DatabaseId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The form of this module's rows in the audit trail. */
public final class AuditRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AuditRows() {}

  /** A change of the server's own affairs; by the server itself when there is no actor. */
  public static void changed(
      MetastoreTransaction tx,
      Optional<Identity> actor,
      String action,
      String object,
      Map<String, String> detail) {
    append(
        tx,
        actor.map(Identity::name),
        Optional.empty(),
        actor.flatMap(Identity::tenant),
        action,
        object,
        AuditOutcome.SUCCESS,
        detail);
  }

  /** A change in a space: it goes to the chain of the space's database. */
  public static void changed(
      MetastoreTransaction tx,
      Identity actor,
      SpaceKey space,
      String action,
      String object,
      Map<String, String> detail) {
    append(
        tx,
        Optional.of(actor.name()),
        Optional.of(space.database()),
        Optional.of(space.tenant()),
        action,
        object,
        AuditOutcome.SUCCESS,
        detail);
  }

  public static void denied(
      MetastoreTransaction tx,
      String who,
      Optional<SpaceKey> space,
      String action,
      String object,
      Map<String, String> detail) {
    append(
        tx,
        name(who),
        space.map(SpaceKey::database),
        space.map(SpaceKey::tenant),
        action,
        object,
        AuditOutcome.DENIED,
        detail);
  }

  private static void append(
      MetastoreTransaction tx,
      Optional<PrincipalName> principal,
      Optional<DatabaseId> database,
      Optional<TenantId> tenant,
      String action,
      String object,
      AuditOutcome outcome,
      Map<String, String> detail) {
    tx.audit()
        .append(
            new AuditEvent(
                database, principal, tenant, action, Optional.of(object), outcome, json(detail)));
  }

  /** What was given as a name at a login may be none. */
  private static Optional<PrincipalName> name(String who) {
    try {
      return Optional.of(new PrincipalName(who));
    } catch (PolderException noName) {
      return Optional.empty();
    }
  }

  private static String json(Map<String, String> detail) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(detail));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
