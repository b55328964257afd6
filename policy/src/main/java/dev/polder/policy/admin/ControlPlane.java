package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.TokenKind;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.AuditRows;
import dev.polder.policy.internal.BuiltIn;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is done to all tenants' objects at once, from outside: a superuser's work alone. Stateless;
 * each call belongs to the caller's transaction.
 */
public final class ControlPlane {
  private static final Pattern HASH = Pattern.compile("\\$argon2id\\$[A-Za-z0-9+/=,$]{20,500}");

  private ControlPlane() {}

  /**
   * Refuses whoever is no superuser, with all rights of one.
   *
   * @param action for the message
   */
  public static void requireSuperuser(MetastoreTransaction tx, Identity actor, String action) {
    Actor.of(tx, actor).requireSuperuser(action);
  }

  /** Whether the server itself makes somebody of that name. */
  public static boolean isOwn(PrincipalName name) {
    return BuiltIn.isOwn(name);
  }

  /** Whether it is who the configured API key acts as, of whom there is nothing to tell. */
  public static boolean isApiKey(PrincipalName name) {
    return name.equals(BuiltIn.API_KEY);
  }

  /**
   * Sets a password by its hash, and ends the user's sessions.
   *
   * @param hash as it was exported
   */
  public static void setPasswordHash(
      MetastoreTransaction tx, Identity actor, PrincipalName name, Secret hash) {
    requireSuperuser(tx, actor, "set password hashes");
    if (isApiKey(name) || !HASH.matcher(hash.reveal()).matches()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "the password hash of user '" + name + "' is none");
    }
    Principal user = tx.principals().get(name);
    tx.principals().setPasswordHash(user.id(), Optional.of(hash));
    tx.tokens().revokeAll(user.id(), TokenKind.SESSION);
    AuditRows.changed(
        tx, Optional.of(actor), user.tenant(), EventType.PASSWORD_CHANGED, name.value(), Map.of());
  }

  /** Tells the server's chain of a change of everything. */
  public static void audit(
      MetastoreTransaction tx,
      Identity actor,
      EventType type,
      String object,
      Map<String, String> detail) {
    AuditRows.changed(tx, Optional.of(actor), Optional.empty(), type, object, detail);
  }

  /** Tells a database's chain of a change of it. */
  public static void audit(
      MetastoreTransaction tx,
      Identity actor,
      Database database,
      Optional<TenantId> tenant,
      EventType type,
      Map<String, String> detail) {
    AuditRows.changed(tx, actor, database.id(), tenant, type, database.name().value(), detail);
  }
}
