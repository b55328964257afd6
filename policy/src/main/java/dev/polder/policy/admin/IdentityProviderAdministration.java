package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.IdentityProvider;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.AuditRows;
import dev.polder.policy.internal.Tokens;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Says which identity providers tenants trust: a superuser's work, for who sets one can become
 * anybody of the tenant. Each change ends the logins that the provider gave. Stateless; each call
 * belongs to the caller's transaction.
 */
public final class IdentityProviderAdministration {
  private static final int LONGEST = 1_000;

  private IdentityProviderAdministration() {}

  /**
   * Gives a tenant its provider.
   *
   * @param replace whether one that it has is no failure
   */
  public static IdentityProvider create(
      MetastoreTransaction tx, Identity actor, IdentityProvider provider, boolean replace) {
    Actor.of(tx, actor).requireSuperuser("say whom tenants trust");
    check(provider);
    if (!replace && tx.identityProviders().find(provider.tenant()).isPresent()) {
      throw new PolderException(
          ErrorCode.IDENTITY_PROVIDER_EXISTS,
          "tenant '" + provider.tenant() + "' has an identity provider; CREATE OR REPLACE it");
    }
    IdentityProvider set = tx.identityProviders().set(provider);
    Tokens.endExternalSessions(tx, provider.tenant());
    audit(
        tx,
        actor,
        provider.tenant(),
        EventType.IDENTITY_PROVIDER_SET,
        Map.of(
            "issuer", provider.issuer(),
            "audience", String.join(", ", provider.audiences()),
            "mode", provider.mode().name().toLowerCase(Locale.ROOT),
            "provision", Boolean.toString(provider.provision()),
            "roles_claim", provider.claims().roles().orElse(""),
            "principal_claim", provider.claims().principal().orElse("")));
    return set;
  }

  /** Takes a tenant's provider away. */
  public static void drop(MetastoreTransaction tx, Identity actor, TenantId tenant) {
    Actor.of(tx, actor).requireSuperuser("say whom tenants trust");
    tx.identityProviders().delete(tenant);
    Tokens.endExternalSessions(tx, tenant);
    audit(tx, actor, tenant, EventType.IDENTITY_PROVIDER_DROPPED, Map.of());
  }

  public static Page<IdentityProvider> list(
      MetastoreTransaction tx, Identity actor, Optional<String> after, int limit) {
    Actor.of(tx, actor).requireSuperuser("see whom tenants trust");
    return tx.identityProviders().list(after, limit);
  }

  private static void check(IdentityProvider provider) {
    if (provider.audiences().isEmpty()
        || provider.audiences().stream().anyMatch(it -> it.isBlank() || it.contains("\n"))) {
      throw invalid("an identity provider needs an audience: tokens for others must not count");
    }
    IdentityProvider.Claims claims = provider.claims();
    if (claims.roles().isEmpty()
        && (claims.rolePattern().isPresent() || claims.roleName().isPresent())) {
      throw invalid("roles_pattern and roles_name need a roles_claim");
    }
    if (claims.roleName().isPresent() && claims.rolePattern().isEmpty()) {
      throw invalid("roles_name needs a roles_pattern");
    }
    try {
      claims
          .rolePattern()
          .map(Pattern::compile)
          .ifPresent(pattern -> checkName(pattern, claims.roleName()));
    } catch (PatternSyntaxException e) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "roles_pattern is no regular expression: " + e.getMessage());
    }
    if (provider.issuer().length() > LONGEST) {
      throw invalid("the issuer is longer than " + LONGEST + " characters");
    }
  }

  /** A replacement that names a group there is none of would fail each login. */
  private static void checkName(Pattern pattern, Optional<String> name) {
    int groups = pattern.matcher("").groupCount();
    String text = name.orElse("");
    for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
      int group = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 10) : -1;
      if (group < 0 || group > groups) {
        throw invalid("roles_name names a group that roles_pattern has not");
      }
    }
    if (text.indexOf('\\') >= 0) {
      throw invalid("roles_name has no backslashes");
    }
  }

  private static PolderException invalid(String why) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, why);
  }

  private static void audit(
      MetastoreTransaction tx,
      Identity actor,
      TenantId tenant,
      EventType type,
      Map<String, String> detail) {
    AuditRows.changed(tx, Optional.of(actor), Optional.of(tenant), type, tenant.value(), detail);
  }
}
