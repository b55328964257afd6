package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Token;
import dev.polder.metastore.access.TokenKind;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.TokenId;
import dev.polder.policy.Identity;
import dev.polder.policy.IssuedToken;
import dev.polder.policy.internal.AuditRows;
import dev.polder.policy.internal.BuiltIn;
import dev.polder.policy.internal.Micros;
import dev.polder.policy.internal.Tokens;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Issues, revokes and lists personal tokens and API keys. Everybody has their own; administrators
 * those of the users they administer. A session that came with a token makes no further ones for
 * itself. Stateless; each call belongs to the caller's transaction.
 */
public final class TokenAdministration {
  private TokenAdministration() {}

  /** The only moment at which the token's text is known. */
  public static IssuedToken issue(
      MetastoreTransaction tx,
      Identity actor,
      PrincipalName user,
      TokenKind kind,
      String name,
      Optional<Instant> expiresAt) {
    Principal principal = accessible(tx, actor, user);
    if (principal.id().equals(actor.id())) {
      requireLogin(tx, actor, "make tokens");
    }
    check(tx, user, kind, name, expiresAt);
    IssuedToken token = Tokens.issue(tx, principal.id(), kind, name, expiresAt);
    AuditRows.changed(
        tx,
        Optional.of(actor),
        principal.tenant(),
        EventType.TOKEN_CREATED,
        name,
        Map.of(
            "user", user.value(),
            "token", token.id().value(),
            "kind", kind.name(),
            "expires", expiresAt.map(Instant::toString).orElse("never")));
    return token;
  }

  /** Revokes the token and the sessions obtained with it. */
  public static void revoke(MetastoreTransaction tx, Identity actor, TokenId id) {
    Token token = tx.tokens().find(id).orElseThrow(TokenAdministration::notFound);
    Actor acting = Actor.of(tx, actor);
    Principal owner =
        tx.principals()
            .find(token.principal())
            .filter(found -> acting.isWholly(found) || acting.administers(found.tenant()))
            .orElseThrow(TokenAdministration::notFound);
    tx.tokens().revoke(token);
    AuditRows.changed(
        tx,
        Optional.of(actor),
        owner.tenant(),
        EventType.TOKEN_REVOKED,
        token.name(),
        Map.of("user", owner.name().value(), "token", id.value()));
  }

  /** A user's tokens, revoked and expired ones too, without their texts. */
  public static Page<Token> list(
      MetastoreTransaction tx,
      Identity actor,
      PrincipalName user,
      Optional<String> after,
      int limit) {
    return tx.tokens().list(accessible(tx, actor, user).id(), after, limit);
  }

  /**
   * Refuses an actor that is only known by a personal token or an API key, and one that has a part
   * of its roles only: it would get the rest.
   */
  static void requireLogin(MetastoreTransaction tx, Identity actor, String action) {
    Optional<Token> token = actor.token().flatMap(tx.tokens()::find);
    boolean byPassword =
        actor.scope().isWhole()
            && actor.external().isEmpty()
            && (token.isEmpty()
                || (token.get().kind() == TokenKind.SESSION && Tokens.isFromLogin(token.get())));
    if (!byPassword) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED, "log in with the password to " + action + ", not with a token");
    }
  }

  private static Principal accessible(MetastoreTransaction tx, Identity actor, PrincipalName user) {
    Actor acting = Actor.of(tx, actor);
    Principal principal = acting.principal(user);
    if (!acting.is(principal)) {
      acting.requireAdministrationOf(principal.tenant(), "administer the tokens of others");
    }
    return principal;
  }

  private static void check(
      MetastoreTransaction tx,
      PrincipalName user,
      TokenKind kind,
      String name,
      Optional<Instant> expiresAt) {
    if (name.isBlank() || name.length() > 255) {
      throw new PolderException(
          ErrorCode.INVALID_NAME, "the name of a token must have 1 to 255 characters");
    }
    if (kind == TokenKind.SESSION || user.equals(BuiltIn.API_KEY)) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "a session's token is made by logging in only");
    }
    if (expiresAt.isPresent() && Micros.of(expiresAt.get()) <= tx.now()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "the token's expiry has passed already");
    }
  }

  private static PolderException notFound() {
    return new PolderException(ErrorCode.TOKEN_NOT_FOUND, "the token does not exist");
  }
}
