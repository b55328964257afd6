package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.ClientCredential;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.TokenScope;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.policy.Identity;
import dev.polder.policy.IssuedCredential;
import dev.polder.policy.internal.AuditRows;
import dev.polder.policy.internal.BuiltIn;
import dev.polder.policy.internal.EffectiveRoles;
import dev.polder.policy.internal.TokenText;
import dev.polder.policy.internal.Tokens;
import java.util.Map;
import java.util.Optional;

/**
 * Makes, rotates and resets client credentials. Administrators do so for the users they administer;
 * everybody rotates their own, and makes it after logging in with the password. A new secret ends
 * the old one and every token obtained with it at once. Stateless; each call belongs to the
 * caller's transaction.
 */
public final class CredentialAdministration {
  private CredentialAdministration() {}

  /**
   * Makes a user's credential.
   *
   * @param rotationRequired whether its holder must first get another secret, which only it knows
   * @throws PolderException CREDENTIAL_EXISTS when there is one
   */
  public static IssuedCredential create(
      MetastoreTransaction tx, Identity actor, PrincipalName user, boolean rotationRequired) {
    Principal principal = accessible(tx, actor, user);
    if (principal.id().equals(actor.id())) {
      TokenAdministration.requireLogin(tx, actor, "make a client credential");
    }
    if (user.equals(BuiltIn.API_KEY)) {
      throw new PolderException(
          ErrorCode.INVALID_NAME, "'" + user + "' has the configured API key and no other");
    }
    Secret secret = TokenText.makeSecret();
    ClientCredential made =
        tx.credentials()
            .create(
                principal.id(),
                TokenText.makeClientId(),
                TokenText.fingerprint(secret),
                rotationRequired);
    return issued(tx, actor, principal, EventType.CREDENTIAL_CREATED, made, secret);
  }

  /**
   * Gives a user's credential another secret, which need not be rotated again. Its own holder may,
   * also with a token that the credential gave and that is good for nothing else.
   */
  public static IssuedCredential rotate(
      MetastoreTransaction tx, Identity actor, PrincipalName user) {
    Principal principal;
    if (actor.scope().equals(TokenScope.rotation())) {
      principal = Actor.ofWhoeverRotates(tx, actor).principal();
      if (!principal.name().equals(user)) {
        EffectiveRoles.requireRotated(actor.scope());
      }
    } else {
      principal = accessible(tx, actor, user);
      if (principal.id().equals(actor.id())) {
        requireOwnLogin(tx, actor);
      }
    }
    return replaced(tx, actor, principal, EventType.CREDENTIAL_ROTATED, false);
  }

  /**
   * Gives a user's credential another secret: the work of administrators, who then know it.
   *
   * @param rotationRequired whether its holder must first get another one
   */
  public static IssuedCredential reset(
      MetastoreTransaction tx, Identity actor, PrincipalName user, boolean rotationRequired) {
    Actor acting = Actor.of(tx, actor);
    Principal principal = acting.principal(user);
    acting.requireAdministrationOf(principal.tenant(), "reset client credentials");
    if (acting.is(principal)) {
      TokenAdministration.requireLogin(tx, actor, "reset the client credential");
    }
    return replaced(tx, actor, principal, EventType.CREDENTIAL_RESET, rotationRequired);
  }

  /** A user's credential, without its secret. */
  public static Optional<ClientCredential> find(
      MetastoreTransaction tx, Identity actor, PrincipalName user) {
    return tx.credentials().find(accessible(tx, actor, user).id());
  }

  private static IssuedCredential replaced(
      MetastoreTransaction tx,
      Identity actor,
      Principal principal,
      EventType type,
      boolean rotationRequired) {
    Secret secret = TokenText.makeSecret();
    ClientCredential made =
        tx.credentials().replace(principal.id(), TokenText.fingerprint(secret), rotationRequired);
    Tokens.endSessionsOfCredential(tx, principal.id());
    return issued(tx, actor, principal, type, made, secret);
  }

  private static IssuedCredential issued(
      MetastoreTransaction tx,
      Identity actor,
      Principal principal,
      EventType type,
      ClientCredential made,
      Secret secret) {
    AuditRows.changed(
        tx,
        Optional.of(actor),
        principal.tenant(),
        type,
        principal.name().value(),
        Map.of(
            "client_id",
            made.clientId(),
            "rotation_required",
            Boolean.toString(made.rotationRequired())));
    return new IssuedCredential(made.clientId(), secret, made.rotationRequired());
  }

  /** Whoever has a personal token or a part of one's roles in hand must not take the rest. */
  private static void requireOwnLogin(MetastoreTransaction tx, Identity actor) {
    boolean byCredential =
        actor.scope().isWhole()
            && actor.token().flatMap(tx.tokens()::find).filter(Tokens::isOfCredential).isPresent();
    if (!byCredential) {
      TokenAdministration.requireLogin(tx, actor, "rotate the client secret");
    }
  }

  private static Principal accessible(MetastoreTransaction tx, Identity actor, PrincipalName user) {
    Actor acting = Actor.of(tx, actor);
    Principal principal = acting.principal(user);
    if (!acting.is(principal)) {
      acting.requireAdministrationOf(
          principal.tenant(), "administer the client credentials of others");
    }
    return principal;
  }
}
