package dev.polder.policy;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.IdentityProvider;
import dev.polder.metastore.access.LoginMode;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.TokenScope;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.policy.internal.AuditRows;
import dev.polder.policy.internal.BuiltIn;
import dev.polder.policy.internal.IssuerKeys;
import dev.polder.policy.internal.SignedTokens;
import dev.polder.policy.internal.WebDocuments;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Establishes who comes with a token that a tenant's identity provider signed. Whom it names is
 * looked for in that tenant alone, so that no provider reaches another tenant's principals or the
 * server's own. Thread-safe.
 */
final class ExternalLogins implements AutoCloseable {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final Metastore metastore;
  private final WebDocuments web;
  private final IssuerKeys keys;
  private final SignedTokens tokens;

  ExternalLogins(Metastore metastore, boolean plainHttp, Clock clock) {
    this.metastore = metastore;
    this.web = new WebDocuments(plainHttp);
    this.keys = new IssuerKeys(web);
    this.tokens = new SignedTokens(keys, clock);
  }

  /** Who that is; empty when the token does not count here. */
  Optional<Identity> identity(Secret text) {
    Optional<SignedTokens.Unproven> read = SignedTokens.read(text);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    SignedTokens.Unproven token = read.get();
    List<IdentityProvider> candidates =
        metastore.read(tx -> tx.identityProviders().ofIssuer(token.issuer())).stream()
            .filter(provider -> provider.mode() != LoginMode.INTERNAL)
            .filter(provider -> isFor(provider, token))
            .toList();
    // Of two tenants that trust one issuer a token must say for which it is.
    if (candidates.size() != 1) {
      return Optional.empty();
    }
    IdentityProvider provider = candidates.getFirst();
    return tokens
        .proven(token, provider.createdAt())
        .map(until -> identity(provider, token, until));
  }

  /** Whether it is still the one of that login. */
  static boolean isCurrent(MetastoreTransaction tx, Identity identity, ExternalLogin login) {
    return identity
        .tenant()
        .flatMap(tx.identityProviders()::find)
        .filter(provider -> provider.createdAt() == login.providerSince())
        .filter(provider -> provider.mode() != LoginMode.INTERNAL)
        .isPresent();
  }

  /**
   * Refuses an issuer whose keys somebody on the way could exchange.
   *
   * @throws PolderException INVALID_PARAMETER
   */
  void requireIssuer(String issuer) {
    boolean allowed;
    try {
      URI place = URI.create(issuer);
      allowed = place.getQuery() == null && web.allows(place);
    } catch (IllegalArgumentException noAddress) {
      allowed = false;
    }
    if (!allowed) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "an issuer is a URL that begins with https:// and has no query; http:// will do on this"
              + " machine, and elsewhere with auth.identity-provider-http");
    }
  }

  private static boolean isFor(IdentityProvider provider, SignedTokens.Unproven token) {
    return provider.audiences().stream().anyMatch(token.audiences()::contains)
        && provider
            .claims()
            .tenant()
            .map(path -> token.claims().texts(path).contains(provider.claims().tenantValue()))
            .orElse(true);
  }

  private Identity identity(IdentityProvider provider, SignedTokens.Unproven token, Instant until) {
    String said = name(provider, token);
    PrincipalName name = valid(said, provider);
    Optional<Principal> known = metastore.read(tx -> tx.principals().find(name));
    Principal principal =
        known.isEmpty() && provider.provision() && !BuiltIn.isOwn(name)
            ? provisioned(provider, name)
            : known.orElse(null);
    if (principal == null
        || !principal.tenant().equals(Optional.of(provider.tenant()))
        || principal.disabled()
        || principal.superuser()) {
      throw unknown(said, provider);
    }
    return new Identity(
        principal.id(),
        principal.name(),
        principal.tenant(),
        false,
        Optional.empty(),
        provider.claims().roles().isPresent() ? roles(provider, token) : TokenScope.whole(),
        Optional.of(new ExternalLogin(provider.createdAt(), until)));
  }

  private static String name(IdentityProvider provider, SignedTokens.Unproven token) {
    Optional<String> claim = provider.claims().principal();
    return claim
        .map(token.claims()::text)
        .orElseGet(
            () -> token.claims().text("preferred_username").or(() -> token.claims().text("sub")))
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.AUTHENTICATION_FAILED,
                "the identity provider's token lacks the claim "
                    + claim.orElse("preferred_username")
                    + ", which names the user"));
  }

  private static PrincipalName valid(String said, IdentityProvider provider) {
    try {
      return new PrincipalName(said);
    } catch (PolderException noName) {
      throw unknown(said, provider);
    }
  }

  /** The same for who is not there and for who is another tenant's. */
  private static PolderException unknown(String said, IdentityProvider provider) {
    return new PolderException(
        ErrorCode.AUTHENTICATION_FAILED,
        "the identity provider's token names '"
            + CONTROL.matcher(said.length() > 100 ? said.substring(0, 100) : said).replaceAll("?")
            + "', who is no enabled user of tenant '"
            + provider.tenant()
            + "'");
  }

  private Principal provisioned(IdentityProvider provider, PrincipalName name) {
    return metastore.write(tx -> {
      Optional<Principal> meanwhile = tx.principals().find(name);
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      Optional<TenantId> tenant = Optional.of(provider.tenant());
      Principal made =
          tx.principals().create(name, tenant, PrincipalKind.USER, Optional.empty(), false);
      AuditRows.changed(
          tx,
          Optional.empty(),
          tenant,
          EventType.USER_CREATED,
          name.value(),
          Map.of("tenant", provider.tenant().value(), "issuer", provider.issuer()));
      return made;
    });
  }

  /** Roles of that tenant alone: the server's, which administer, are nobody's to claim. */
  private TokenScope roles(IdentityProvider provider, SignedTokens.Unproven token) {
    IdentityProvider.Claims claims = provider.claims();
    Optional<Pattern> pattern = claims.rolePattern().map(Pattern::compile);
    Set<RoleId> held = new HashSet<>();
    List<String> said = token.claims().texts(claims.roles().orElseThrow());
    metastore.read(tx -> {
      for (String value : said) {
        mapped(value, pattern, claims.roleName())
            .flatMap(name -> tx.roles().find(Optional.of(provider.tenant()), name))
            .map(Role::id)
            .ifPresent(held::add);
      }
      return held;
    });
    return new TokenScope.Claimed(held, held);
  }

  private static Optional<RoleName> mapped(
      String value, Optional<Pattern> pattern, Optional<String> name) {
    String mapped = value;
    if (pattern.isPresent()) {
      Matcher matcher = pattern.get().matcher(value);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      // Of what matched as a whole: looking for it once more may find less.
      mapped = name.map(text -> expanded(matcher, text)).orElse(value);
    }
    try {
      return Optional.of(new RoleName(mapped));
    } catch (PolderException noName) {
      return Optional.empty();
    }
  }

  private static String expanded(Matcher matched, String name) {
    StringBuilder text = new StringBuilder();
    matched.appendReplacement(text, name);
    return text.toString();
  }

  @Override
  public void close() {
    keys.close();
  }
}
