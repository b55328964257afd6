package dev.polder.policy.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Token;
import dev.polder.metastore.access.TokenKind;
import dev.polder.metastore.access.TokenScope;
import dev.polder.model.PrincipalId;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.model.TokenId;
import dev.polder.policy.ExternalLogin;
import dev.polder.policy.Identity;
import dev.polder.policy.IssuedToken;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes and revokes tokens; asks nobody whether that is allowed. */
public final class Tokens {
  /** No identity of a token looks like this. */
  private static final String FROM_LOGIN = "login";

  private static final String FROM_CREDENTIAL = "credential";

  private static final String FROM_PROVIDER = "provider";

  private Tokens() {}

  public static IssuedToken issue(
      MetastoreTransaction tx,
      PrincipalId principal,
      TokenKind kind,
      String name,
      Optional<Instant> expiresAt) {
    return issue(tx, principal, kind, name, TokenScope.whole(), Optional.empty(), expiresAt);
  }

  /**
   * A session's name tells what it began with: a password, a client credential, or a token, whose
   * identity it then is.
   *
   * <p>One obtained with a session token has the whole lifetime again, for that is how clients go
   * on: it ends with the password's change, the credential's rotation or the revocation of any
   * token before it. What began with a personal token or an API key never outlives that, nor what
   * began with an identity provider's token: only the provider knows whether it would give another.
   */
  public static IssuedToken issueSession(
      MetastoreTransaction tx, Identity identity, Instant expiresAt) {
    return issueSession(tx, identity, identity.scope(), expiresAt);
  }

  /** The same for a part of what the identity may do. */
  public static IssuedToken issueSession(
      MetastoreTransaction tx, Identity identity, TokenScope scope, Instant expiresAt) {
    Optional<Token> parent = identity.token().flatMap(tx.tokens()::find);
    String name =
        parent
            .map(Tokens::root)
            .orElse(identity.external().isPresent() ? FROM_PROVIDER : FROM_LOGIN);
    Optional<Instant> limit = parent.flatMap(token -> limit(tx, token));
    if (identity.external().isPresent()) {
      limit = identity.external().map(ExternalLogin::expiresAt);
    }
    Instant earliest = limit.filter(expiresAt::isAfter).orElse(expiresAt);
    return issue(
        tx, identity.id(), TokenKind.SESSION, name, scope, identity.token(), Optional.of(earliest));
  }

  /** When all that comes of the token ends, whatever is obtained with it. */
  private static Optional<Instant> limit(MetastoreTransaction tx, Token token) {
    Optional<Token> from =
        isOfProvider(token) ? Optional.of(token) : tx.tokens().find(new TokenId(root(token)));
    return from.map(Token::expiresAt)
        .filter(OptionalLong::isPresent)
        .map(end -> Micros.instant(end.getAsLong()));
  }

  /** Begins a session with the principal's client credential. */
  public static IssuedToken issueForCredential(
      MetastoreTransaction tx, PrincipalId principal, TokenScope scope, Instant expiresAt) {
    return issue(
        tx,
        principal,
        TokenKind.SESSION,
        FROM_CREDENTIAL,
        scope,
        Optional.empty(),
        Optional.of(expiresAt));
  }

  private static IssuedToken issue(
      MetastoreTransaction tx,
      PrincipalId principal,
      TokenKind kind,
      String name,
      TokenScope scope,
      Optional<TokenId> parent,
      Optional<Instant> expiresAt) {
    Secret text = TokenText.make(kind);
    OptionalLong expiry =
        expiresAt.map(at -> OptionalLong.of(Micros.of(at))).orElse(OptionalLong.empty());
    Token token =
        tx.tokens()
            .create(principal, name, kind, scope, parent, TokenText.fingerprint(text), expiry);
    return new IssuedToken(token.id(), kind, text, expiresAt);
  }

  public static void endSession(MetastoreTransaction tx, TokenId id) {
    tx.tokens()
        .find(id)
        .filter(token -> token.kind() == TokenKind.SESSION)
        .ifPresent(tx.tokens()::revoke);
  }

  /** Whether the session began with a password. */
  public static boolean isFromLogin(Token session) {
    return session.name().equals(FROM_LOGIN);
  }

  /** Whether it began with the principal's client credential. */
  public static boolean isOfCredential(Token session) {
    return session.kind() == TokenKind.SESSION && session.name().equals(FROM_CREDENTIAL);
  }

  /** Whether it began with a token of the tenant's identity provider. */
  public static boolean isOfProvider(Token session) {
    return session.kind() == TokenKind.SESSION && session.name().equals(FROM_PROVIDER);
  }

  /** Whether an identity provider has established who that is. */
  public static boolean isExternal(MetastoreTransaction tx, Identity identity) {
    return identity.external().isPresent()
        || identity.token().flatMap(tx.tokens()::find).filter(Tokens::isOfProvider).isPresent();
  }

  public static void endExternalSessions(MetastoreTransaction tx, TenantId tenant) {
    tx.tokens().revokeSessions(tenant, FROM_PROVIDER);
  }

  public static void endSessionsOfCredential(MetastoreTransaction tx, PrincipalId principal) {
    tx.tokens().revokeSessions(principal, FROM_CREDENTIAL);
  }

  private static String root(Token parent) {
    return parent.kind() == TokenKind.SESSION ? parent.name() : parent.id().value();
  }
}
