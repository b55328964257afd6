package dev.polder.policy.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.DatabaseId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.util.Map;
import java.util.Optional;

/** The form of this module's rows in the audit trail. */
public final class AuditRows {
  private AuditRows() {}

  /**
   * A change of the server's own affairs.
   *
   * @param actor empty: the server itself
   * @param of the tenant that it concerns; empty: the actor's, if it has one
   */
  public static void changed(
      MetastoreTransaction tx,
      Optional<Identity> actor,
      Optional<TenantId> of,
      EventType type,
      String object,
      Map<String, String> detail) {
    append(
        tx,
        actor.map(Identity::name),
        Optional.empty(),
        of.or(() -> actor.flatMap(Identity::tenant)),
        type,
        object,
        AuditOutcome.SUCCESS,
        detail);
  }

  /** A change of a database: it goes to the database's chain. */
  public static void changed(
      MetastoreTransaction tx,
      Identity actor,
      DatabaseId database,
      Optional<TenantId> of,
      EventType type,
      String object,
      Map<String, String> detail) {
    append(
        tx,
        Optional.of(actor.name()),
        Optional.of(database),
        of,
        type,
        object,
        AuditOutcome.SUCCESS,
        detail);
  }

  public static void denied(
      MetastoreTransaction tx,
      EventType type,
      String who,
      Optional<SpaceKey> space,
      String object,
      Map<String, String> detail) {
    append(
        tx,
        name(who),
        space.map(SpaceKey::database),
        space.map(SpaceKey::tenant),
        type,
        object,
        AuditOutcome.DENIED,
        detail);
  }

  private static void append(
      MetastoreTransaction tx,
      Optional<PrincipalName> principal,
      Optional<DatabaseId> database,
      Optional<TenantId> tenant,
      EventType type,
      String object,
      AuditOutcome outcome,
      Map<String, String> detail) {
    tx.audit()
        .append(
            new AuditEvent(
                database,
                principal,
                tenant,
                type,
                Optional.of(object),
                outcome,
                AuditEvent.detail(detail)));
  }

  /** What was given as a name at a login may be none. */
  private static Optional<PrincipalName> name(String who) {
    try {
      return Optional.of(new PrincipalName(who));
    } catch (PolderException noName) {
      return Optional.empty();
    }
  }
}
