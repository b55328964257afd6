package dev.polder.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.IdentityProvider;
import dev.polder.metastore.access.LoginMode;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.Token;
import dev.polder.metastore.access.TokenScope;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.policy.internal.BuiltIn;
import dev.polder.policy.internal.LoginThrottle;
import dev.polder.policy.internal.Micros;
import dev.polder.policy.internal.PasswordHash;
import dev.polder.policy.internal.PasswordHasher;
import dev.polder.policy.internal.PasswordRules;
import dev.polder.policy.internal.SignedTokens;
import dev.polder.policy.internal.TokenText;
import dev.polder.policy.internal.Tokens;
import dev.polder.policy.internal.VerifiedPasswords;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Establishes who is asking, from a password, a token or the configured API key; every door uses
 * this one. What it answers holds at that moment: each call reads the metastore, so that a changed
 * password, a revoked token and a disabled user are seen at once on every server. Thread-safe.
 */
public final class Authenticator implements AutoCloseable {
  /** Where a caller comes from when it has no address. */
  public static final String LOCAL = "local";

  /** How old {@link #recentToken} may be. */
  public static final Duration RECENT = Duration.ofSeconds(30);

  private static final int MAX_RECENT = 10_000;
  private static final long USE_NOTED_EVERY = 60_000_000;
  private static final long DEAD_KEPT = 7 * 86_400_000_000L;

  private final Metastore metastore;
  private final AuditLog audit;
  private final Clock clock;
  private final PasswordHasher hasher;
  private final VerifiedPasswords verified;
  private final LoginThrottle throttle;
  private final Optional<byte[]> apiKey;
  private final ExternalLogins external;
  private final Cache<String, Identity> recent =
      Caffeine.newBuilder().expireAfterWrite(RECENT).maximumSize(MAX_RECENT).build();
  private final Cache<Identity, Valid> valid =
      Caffeine.newBuilder().maximumSize(MAX_RECENT).build();

  /** Until when a login counts, as of a grants epoch. */
  private record Valid(long epoch, long until) {}

  public Authenticator(
      Metastore metastore, AuditLog audit, AuthenticatorOptions options, Clock clock) {
    this.metastore = metastore;
    this.audit = audit;
    this.clock = clock;
    this.hasher = new PasswordHasher(options.hashing());
    this.verified = new VerifiedPasswords(options.rememberPasswords(), Ticker.systemTicker());
    this.throttle = new LoginThrottle(clock);
    this.external = new ExternalLogins(metastore, options.plainHttp(), clock);
    this.apiKey = options.apiKey().map(key -> TokenText.sha256(key.reveal()));
  }

  /** {@link #password(String, Secret, String)} for callers without an address. */
  public Identity password(String name, Secret password) {
    return password(name, password, LOCAL);
  }

  /**
   * Checks a name and its password. A token of that user is accepted in the password's place, for
   * clients that know only names and passwords.
   *
   * @param source the client's address; guessing slows down per name and address
   * @throws PolderException {@code INVALID_PASSWORD}, with one message for an unknown name, a wrong
   *     password and a disabled user, after about the same time
   */
  public Identity password(String name, Secret password, String source) {
    return throttled(name, source, () -> byNameAndSecret(name, password, source));
  }

  /**
   * Checks a client's id and secret, which are those of a client credential, or a user's name with
   * its password or one of its tokens.
   *
   * @throws PolderException {@code INVALID_PASSWORD} as {@link #password} does
   */
  ProvenClient client(String id, Secret secret, String source) {
    return throttled(
        id,
        source,
        () ->
            TokenText.isSecret(secret)
                ? byCredential(id, secret)
                : byNameAndSecret(id, secret, source)
                    .map(identity -> new ProvenClient(identity, Optional.empty())));
  }

  private <T> T throttled(String name, String source, Supplier<Optional<T>> check) {
    throttle.admit(name, source);
    Optional<T> proven = check.get();
    if (proven.isEmpty()) {
      throttle.failed(name, source);
      audit.loginFailed(name, source);
      throw new PolderException(
          ErrorCode.INVALID_PASSWORD, "wrong user name or password, or the user is disabled");
    }
    throttle.succeeded(name, source);
    return proven.get();
  }

  private Optional<Identity> byNameAndSecret(String name, Secret secret, String source) {
    return TokenText.hasForm(secret)
        ? byToken(secret).filter(found -> found.name().value().equals(name))
        : byPassword(name, secret, source);
  }

  private Optional<ProvenClient> byCredential(String clientId, Secret secret) {
    String fingerprint = TokenText.fingerprint(secret);
    return metastore.read(tx ->
        tx.credentials()
            .find(clientId, fingerprint)
            .flatMap(credential -> tx.principals().find(credential.principal()))
            .filter(principal -> !principal.disabled())
            .map(principal -> loginHere(tx, principal, false))
            .map(principal ->
                new ProvenClient(
                    identity(principal, Optional.empty()),
                    Optional.of(new ProvenClient.Proof(clientId, fingerprint)))));
  }

  /**
   * Checks a personal, API-key or session token, the configured API key, or a token that the
   * identity provider of the principal's tenant has signed.
   *
   * @throws PolderException {@code AUTHENTICATION_FAILED} when it is unknown, expired or revoked,
   *     or its principal is disabled
   */
  public Identity token(Secret token) {
    Optional<Identity> identity =
        isApiKey(token)
            ? byApiKey()
            : SignedTokens.hasForm(token) ? external.identity(token) : byToken(token);
    return identity.orElseThrow(() ->
        new PolderException(
            ErrorCode.AUTHENTICATION_FAILED,
            "the token is unknown, expired or revoked; log in again"));
  }

  /**
   * Who a token said to be when it was last checked, which is at most {@link #RECENT} ago. Only for
   * callers that ask {@link #stillValidInRead} or {@link #stillValid} in the transaction of what
   * they do, before they answer anything.
   */
  public Identity recentToken(Secret token) {
    @Nullable Identity known =
        TokenText.hasForm(token) ? recent.getIfPresent(TokenText.fingerprint(token)) : null;
    return known == null ? token(token) : known;
  }

  /**
   * Makes a session token. One obtained with another token lives no longer than that one, and is
   * revoked with it.
   */
  public IssuedToken login(Identity identity, Duration lifetime) {
    return metastore.write(tx -> {
      if (!stillValid(tx, identity)) {
        throw new PolderException(
            ErrorCode.AUTHENTICATION_FAILED, "the user is disabled or gone; log in again");
      }
      return Tokens.issueSession(tx, identity, Micros.instant(tx.now()).plus(lifetime));
    });
  }

  /**
   * Refuses an identity provider whose keys somebody on the way could exchange.
   *
   * @throws PolderException INVALID_PARAMETER
   */
  public void requireIssuer(String issuer) {
    external.requireIssuer(issuer);
  }

  /** Ends a session: revokes its token. Other kinds of token are left alone. */
  public void logout(Identity identity) {
    metastore.write(tx -> {
      identity.token().ifPresent(token -> Tokens.endSession(tx, token));
      return identity;
    });
  }

  /**
   * Whether the identity, established earlier, would still be established now: asked in each
   * statement's own transaction, so that the sessions of a dropped, disabled or demoted user, or of
   * a revoked token, end at their next statement.
   */
  public boolean stillValid(MetastoreTransaction tx, Identity identity) {
    Optional<Principal> principal = tx.principals().find(identity.id());
    Optional<ExternalLogin> login = identity.external();
    boolean ended =
        login
            .filter(at ->
                !now(tx).isBefore(at.expiresAt()) || !ExternalLogins.isCurrent(tx, identity, at))
            .isPresent();
    if (principal.isEmpty()
        || principal.get().disabled()
        || ended
        || (loginElsewhere(tx, principal.get(), false).isPresent()
            && !Tokens.isExternal(tx, identity))
        || (identity.scope().isWhole() && principal.get().superuser() != identity.superuser())) {
      return false;
    }
    return identity.token().isEmpty()
        || tx.tokens().find(identity.token().get()).filter(t -> usable(tx, t)).isPresent();
  }

  /**
   * {@link #stillValid} as a read transaction sees it. What was found is used as long as the grants
   * epoch is the same, which each change of a principal and each end of a token moves, and until
   * the token expires.
   */
  public boolean stillValidInRead(MetastoreTransaction tx, Identity identity) {
    long epoch = tx.grants().epoch();
    @Nullable Valid known = valid.getIfPresent(identity);
    if (known != null
        && known.epoch() == epoch
        && known.until() > Math.max(tx.now(), Micros.of(clock.instant()))) {
      return true;
    }
    if (!stillValid(tx, identity)) {
      return false;
    }
    long token =
        identity
            .token()
            .flatMap(id -> tx.tokens().find(id))
            .map(found -> found.expiresAt().orElse(Long.MAX_VALUE))
            .orElse(Long.MAX_VALUE);
    long login = identity.external().map(at -> Micros.of(at.expiresAt())).orElse(Long.MAX_VALUE);
    long until = Math.min(token, login);
    if (known == null || known.epoch() <= epoch) {
      valid.put(identity, new Valid(epoch, until));
    }
    return true;
  }

  /**
   * Checks a password against the rules and hashes it. Slow on purpose: call it before the
   * transaction that stores it.
   *
   * @throws PolderException {@code INVALID_PARAMETER} when it is too short or the user's own name
   */
  public NewPassword newPassword(PrincipalName user, Secret password, String source) {
    PasswordRules.check(user.value(), password);
    return new NewPassword(hasher.hash(password, source));
  }

  /**
   * Makes sure that there is an administrator. The first start creates the superuser {@code admin};
   * a configured password is set on it whenever it differs from the stored one.
   *
   * @return the random password of an administrator just created without a configured one; it is
   *     not known anywhere else
   */
  public Optional<Secret> ensureAdministrator(Optional<Secret> configured) {
    Optional<Principal> admin = metastore.read(tx -> tx.principals().find(BuiltIn.ADMIN));
    boolean create =
        admin.isEmpty()
            && (configured.isPresent() || metastore.read(BuiltIn::countAdministrators) == 0);
    Optional<Secret> random =
        create && configured.isEmpty() ? Optional.of(BuiltIn.randomPassword()) : Optional.empty();
    Optional<NewPassword> password =
        configured
            .filter(secret -> !isPasswordOf(admin, secret))
            .or(() -> random)
            .map(secret -> newPassword(BuiltIn.ADMIN, secret, LOCAL));
    boolean created =
        metastore.write(tx ->
            BuiltIn.ensure(
                tx, password.map(NewPassword::hash), configured.isPresent(), apiKey.isPresent()));
    // Another server that started at the same moment may have been first.
    return created ? random : Optional.empty();
  }

  @Override
  public void close() {
    external.close();
    hasher.close();
  }

  private Optional<Identity> byPassword(String name, Secret password, String source) {
    Optional<Principal> principal = find(name);
    Optional<PasswordHash> stored = principal.flatMap(Authenticator::hashOf);
    if (PasswordRules.tooLong(password)) {
      return Optional.empty();
    }
    boolean right =
        (stored.isPresent() && verified.verifiedAgainst(name, password).equals(stored))
            || hasher.verify(password, stored.orElse(hasher.unknowable()), source);
    if (!right || stored.isEmpty() || principal.isEmpty() || principal.get().disabled()) {
      return Optional.empty();
    }
    verified.remember(name, password, stored.get());
    metastore.read(tx -> loginHere(tx, principal.get(), false));
    return principal.map(found -> identity(found, Optional.empty()));
  }

  private Optional<Principal> find(String name) {
    PrincipalName valid;
    try {
      valid = new PrincipalName(name);
    } catch (PolderException impossibleName) {
      return Optional.empty();
    }
    return metastore.read(tx -> tx.principals().find(valid));
  }

  private Optional<Identity> byToken(Secret text) {
    if (!TokenText.hasForm(text)) {
      return Optional.empty();
    }
    String fingerprint = TokenText.fingerprint(text);
    Optional<Used> used =
        metastore.read(tx ->
            tx.tokens()
                .findByHash(fingerprint)
                .filter(token -> usable(tx, token))
                .flatMap(token ->
                    tx.principals()
                        .find(token.principal())
                        .filter(principal -> !principal.disabled())
                        .map(principal -> loginHere(tx, principal, Tokens.isOfProvider(token)))
                        .map(principal ->
                            new Used(token, identity(principal, Optional.of(token))))));
    used.map(Used::token).ifPresent(this::noteUse);
    used.map(Used::identity).ifPresent(identity -> recent.put(fingerprint, identity));
    return used.map(Used::identity);
  }

  private record Used(Token token, Identity identity) {}

  /** When a token was last used is kept by the minute: not every request shall write. */
  private void noteUse(Token token) {
    long now = Micros.of(clock.instant());
    if (now - token.lastUsedAt().orElse(0) >= USE_NOTED_EVERY) {
      metastore.write(tx -> {
        tx.tokens().markUsed(token.id());
        return token;
      });
    }
  }

  /** Removes tokens that have been expired or revoked for a week; returns how many. */
  public int deleteDeadTokens() {
    return metastore.write(tx -> tx.tokens().deleteDead(tx.now() - DEAD_KEPT));
  }

  private boolean isApiKey(Secret token) {
    byte[] digest = TokenText.sha256(token.reveal());
    return apiKey.isPresent() && MessageDigest.isEqual(apiKey.get(), digest);
  }

  private Optional<Identity> byApiKey() {
    return metastore
        .read(tx -> tx.principals().find(BuiltIn.API_KEY))
        .filter(principal -> !principal.disabled())
        .map(principal -> identity(principal, Optional.empty()));
  }

  private boolean isPasswordOf(Optional<Principal> principal, Secret password) {
    return principal
        .flatMap(Authenticator::hashOf)
        .filter(hash -> hasher.verify(password, hash, LOCAL))
        .isPresent();
  }

  /** Refuses a principal that has to log in at its tenant's identity provider, and did not. */
  private static Principal loginHere(
      MetastoreTransaction tx, Principal principal, boolean external) {
    loginElsewhere(tx, principal, external)
        .ifPresent(provider -> {
          throw new PolderException(
              ErrorCode.EXTERNAL_LOGIN_REQUIRED,
              "the users of tenant '"
                  + provider.tenant()
                  + "' log in at "
                  + provider.issuer()
                  + "; bring its token");
        });
    return principal;
  }

  private static Optional<IdentityProvider> loginElsewhere(
      MetastoreTransaction tx, Principal principal, boolean external) {
    return principal
        .tenant()
        .filter(tenant -> !external)
        .flatMap(tx.identityProviders()::find)
        .filter(provider -> provider.mode() == LoginMode.EXTERNAL);
  }

  private Instant now(MetastoreTransaction tx) {
    Instant stored = Micros.instant(tx.now());
    return stored.isAfter(clock.instant()) ? stored : clock.instant();
  }

  boolean usable(MetastoreTransaction tx, Token token) {
    return token.isValidAt(Math.max(tx.now(), Micros.of(clock.instant())));
  }

  static Identity identity(Principal principal, Optional<Token> token) {
    return new Identity(
        principal.id(),
        principal.name(),
        principal.tenant(),
        principal.superuser(),
        token.map(Token::id),
        token.map(Token::scope).orElse(TokenScope.whole()),
        Optional.empty());
  }

  private static Optional<PasswordHash> hashOf(Principal principal) {
    return principal.passwordHash().map(secret -> new PasswordHash(secret.reveal()));
  }
}
