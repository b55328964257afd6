package dev.polder.policy;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.ClientCredential;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Token;
import dev.polder.metastore.access.TokenKind;
import dev.polder.metastore.access.TokenScope;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.Secret;
import dev.polder.policy.internal.Micros;
import dev.polder.policy.internal.Scopes;
import dev.polder.policy.internal.SignedTokens;
import dev.polder.policy.internal.TokenText;
import dev.polder.policy.internal.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Gives OAuth clients access tokens: for a client's id and secret, and for a token of theirs. What
 * a token is good for only ever becomes less. Thread-safe.
 */
public final class AccessTokens {
  private final Metastore metastore;
  private final Authenticator authenticator;
  private final Duration lifetime;

  public AccessTokens(Metastore metastore, Authenticator authenticator, Duration lifetime) {
    this.metastore = metastore;
    this.authenticator = authenticator;
    this.lifetime = lifetime;
  }

  /**
   * A token for a client's id and secret, or a user's name with its password or one of its tokens.
   *
   * @param scope the roles asked for; empty: all
   * @param source the client's address
   * @throws PolderException INVALID_PASSWORD, INVALID_SCOPE, TOO_MANY_FAILED_LOGINS
   */
  public AccessToken forClient(
      String clientId, Secret secret, Optional<String> scope, String source) {
    ProvenClient client = authenticator.client(clientId, secret, source);
    return metastore.write(tx -> begin(tx, client, client.identity().scope(), scope));
  }

  /**
   * A token for another one. A client that shows its own id and secret too may bring one of its
   * tokens that has expired.
   *
   * @param client the id and secret, where they are given
   * @throws PolderException AUTHENTICATION_FAILED when the token counts no more
   */
  public AccessToken forToken(
      Secret subject, Optional<Client> client, Optional<String> scope, String source) {
    Optional<ProvenClient> proven = proven(client, source);
    if (SignedTokens.hasForm(subject)) {
      return forExternal(authenticator.token(subject), proven, scope);
    }
    String fingerprint = TokenText.fingerprint(subject);
    if (metastore.read(tx -> tx.tokens().findByHash(fingerprint)).isEmpty()) {
      throw invalid();
    }
    return metastore.write(tx -> {
      Token token = tx.tokens().findByHash(fingerprint).orElseThrow(AccessTokens::invalid);
      Principal principal =
          tx.principals()
              .find(token.principal())
              .filter(found -> !found.disabled())
              .filter(found -> proven.map(by -> isOf(by, found.id())).orElse(true))
              .orElseThrow(AccessTokens::invalid);
      if (authenticator.usable(tx, token)) {
        Identity identity = Authenticator.identity(principal, Optional.of(token));
        TokenScope narrowed = Scopes.within(tx, principal.id(), token.scope(), scope);
        return told(tx, Tokens.issueSession(tx, identity, narrowed, end(tx)), narrowed);
      }
      ProvenClient again =
          proven
              .filter(by -> by.identity().scope().isWhole() && token.revokedAt().isEmpty())
              .orElseThrow(AccessTokens::invalid);
      return begin(tx, again, token.scope(), scope);
    });
  }

  private AccessToken forExternal(
      Identity identity, Optional<ProvenClient> client, Optional<String> asked) {
    if (client.filter(by -> !isOf(by, identity.id())).isPresent()) {
      throw invalid();
    }
    return metastore.write(tx -> {
      if (!authenticator.stillValid(tx, identity)) {
        throw invalid();
      }
      TokenScope scope = Scopes.within(tx, identity.id(), identity.scope(), asked);
      return told(tx, Tokens.issueSession(tx, identity, scope, end(tx)), scope);
    });
  }

  /** A client's id and secret. Immutable. */
  public record Client(String id, Secret secret) {}

  /**
   * Ends an access token and all that were obtained with it; one that is unknown is no failure.
   *
   * @param client the id and secret, where they are given: it ends its own tokens only
   * @throws PolderException INVALID_PARAMETER when it is a personal token or an API key, which
   *     their owners revoke
   */
  public void revoke(Secret text, Optional<Client> client, String source) {
    Optional<ProvenClient> proven = proven(client, source);
    String fingerprint = TokenText.fingerprint(text);
    Optional<Token> token = metastore.read(tx -> tx.tokens().findByHash(fingerprint));
    if (token.isEmpty()) {
      return;
    }
    if (proven.isPresent() && !isOf(proven.get(), token.get().principal())) {
      throw invalid();
    }
    if (token.get().kind() != TokenKind.SESSION) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "a personal token or an API key is revoked by its owner: REVOKE TOKEN");
    }
    metastore.write(tx -> {
      tx.tokens().findByHash(fingerprint).ifPresent(tx.tokens()::revoke);
      return token;
    });
  }

  /**
   * Begins anew with a client's secret.
   *
   * @param most no more than this
   */
  private AccessToken begin(
      MetastoreTransaction tx, ProvenClient client, TokenScope most, Optional<String> asked) {
    Identity identity = client.identity();
    if (!authenticator.stillValid(tx, identity)) {
      throw new PolderException(ErrorCode.INVALID_PASSWORD, "the user is disabled or gone");
    }
    if (client.proof().isEmpty()) {
      TokenScope scope = Scopes.within(tx, identity.id(), most, asked);
      return told(tx, Tokens.issueSession(tx, identity, scope, end(tx)), scope);
    }
    ProvenClient.Proof proof = client.proof().get();
    ClientCredential credential =
        tx.credentials()
            .find(proof.clientId(), proof.fingerprint())
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.INVALID_PASSWORD, "the client secret has just been replaced"));
    TokenScope scope =
        credential.rotationRequired()
            ? TokenScope.rotation()
            : Scopes.within(tx, identity.id(), most, asked);
    return told(tx, Tokens.issueForCredential(tx, identity.id(), scope, end(tx)), scope);
  }

  private Optional<ProvenClient> proven(Optional<Client> client, String source) {
    return client.map(given -> authenticator.client(given.id(), given.secret(), source));
  }

  private static boolean isOf(ProvenClient client, PrincipalId principal) {
    return client.identity().id().equals(principal);
  }

  private Instant end(MetastoreTransaction tx) {
    return Micros.instant(tx.now()).plus(lifetime);
  }

  private static AccessToken told(MetastoreTransaction tx, IssuedToken token, TokenScope scope) {
    Duration left =
        token.expiresAt().map(end -> Duration.between(Micros.instant(tx.now()), end)).orElseThrow();
    return new AccessToken(token.text(), left, Scopes.words(tx, scope));
  }

  private static PolderException invalid() {
    return new PolderException(
        ErrorCode.AUTHENTICATION_FAILED,
        "the subject token is none of this server's, or is expired or revoked; log in again");
  }
}
