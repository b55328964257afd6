package dev.polder.policy.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Token;
import dev.polder.metastore.access.TokenKind;
import dev.polder.model.PrincipalId;
import dev.polder.model.Secret;
import dev.polder.model.TokenId;
import dev.polder.policy.Identity;
import dev.polder.policy.IssuedToken;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes and revokes tokens; asks nobody whether that is allowed. */
public final class Tokens {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** No identity of a token looks like this. */
  private static final String FROM_LOGIN = "login";

  private Tokens() {}

  public static IssuedToken issue(
      MetastoreTransaction tx,
      PrincipalId principal,
      TokenKind kind,
      String name,
      Optional<Instant> expiresAt) {
    Secret text = TokenText.make(kind, RANDOM);
    OptionalLong expiry =
        expiresAt.map(at -> OptionalLong.of(Micros.of(at))).orElse(OptionalLong.empty());
    Token token = tx.tokens().create(principal, name, kind, TokenText.fingerprint(text), expiry);
    return new IssuedToken(token.id(), kind, text, expiresAt);
  }

  /** A session obtained with a token bears that token's identity as its name. */
  public static IssuedToken issueSession(
      MetastoreTransaction tx, Identity identity, Instant expiresAt) {
    Optional<Token> parent = identity.token().flatMap(tx.tokens()::find);
    Instant earliest = expiresAt;
    if (parent.isPresent() && parent.get().expiresAt().isPresent()) {
      Instant limit = Micros.instant(parent.get().expiresAt().getAsLong());
      earliest = limit.isBefore(expiresAt) ? limit : expiresAt;
    }
    String name = parent.map(Tokens::root).orElse(FROM_LOGIN);
    return issue(tx, identity.id(), TokenKind.SESSION, name, Optional.of(earliest));
  }

  /** Revokes a token and the sessions that were obtained with it. */
  public static void revoke(MetastoreTransaction tx, Token token) {
    tx.tokens().revoke(token.id());
    for (Token other : all(tx, token.principal())) {
      if (other.kind() == TokenKind.SESSION && other.name().equals(token.id().value())) {
        tx.tokens().revoke(other.id());
      }
    }
  }

  public static void endSession(MetastoreTransaction tx, TokenId id) {
    tx.tokens()
        .find(id)
        .filter(token -> token.kind() == TokenKind.SESSION)
        .ifPresent(token -> tx.tokens().revoke(id));
  }

  /** Whether the session began with a password. */
  public static boolean isFromLogin(Token session) {
    return session.name().equals(FROM_LOGIN);
  }

  public static List<Token> all(MetastoreTransaction tx, PrincipalId principal) {
    List<Token> tokens = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Page<Token> page = tx.tokens().list(principal, after, Page.MAX_LIMIT);
      tokens.addAll(page.items());
      after = page.next();
    } while (after.isPresent());
    return tokens;
  }

  private static String root(Token parent) {
    return parent.kind() == TokenKind.SESSION ? parent.name() : parent.id().value();
  }
}
