package dev.polder.policy.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * The keys that issuers sign with, found through their OpenID configuration. They are kept for
 * minutes, got again at an unknown key's name, though rarely, and held on to while the issuer
 * cannot be reached. Thread-safe.
 */
public final class IssuerKeys implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIGURATION = "/.well-known/openid-configuration";
  private static final long KEPT = Duration.ofMinutes(5).toMillis();
  private static final long WAIT = Duration.ofSeconds(10).toMillis();
  private static final long APART = Duration.ofSeconds(30).toMillis();
  private static final long OUTAGE = Duration.ofHours(4).toMillis();
  private static final int MOST_ISSUERS = 1_000;

  private final WebDocuments web;
  private final Cache<String, JWKSource<SecurityContext>> known =
      Caffeine.newBuilder().maximumSize(MOST_ISSUERS).expireAfterWrite(Duration.ofHours(1)).build();
  private final Cache<String, String> failed =
      Caffeine.newBuilder()
          .maximumSize(MOST_ISSUERS)
          .expireAfterWrite(Duration.ofSeconds(5))
          .build();

  public IssuerKeys(WebDocuments web) {
    this.web = web;
  }

  /**
   * The issuer's keys.
   *
   * @throws PolderException IDENTITY_PROVIDER_UNAVAILABLE when it cannot be asked
   */
  public JWKSource<SecurityContext> of(String issuer) {
    JWKSource<SecurityContext> keys = known.getIfPresent(issuer);
    if (keys != null) {
      return keys;
    }
    String why = failed.getIfPresent(issuer);
    if (why == null) {
      try {
        JWKSource<SecurityContext> found = found(issuer);
        known.put(issuer, found);
        return found;
      } catch (IOException | IllegalArgumentException e) {
        why = String.valueOf(e.getMessage());
        failed.put(issuer, why);
      }
    }
    throw unavailable(issuer, why);
  }

  static PolderException unavailable(String issuer, String why) {
    return new PolderException(
        ErrorCode.IDENTITY_PROVIDER_UNAVAILABLE,
        "the identity provider " + issuer + " cannot be asked for its keys: " + why);
  }

  private JWKSource<SecurityContext> found(String issuer) throws IOException {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    JsonNode configuration = JSON.readTree(web.get(URI.create(base + CONFIGURATION)));
    if (!configuration.path("issuer").asText().equals(issuer)) {
      throw new IOException("its configuration is another issuer's");
    }
    URI keys = URI.create(configuration.path("jwks_uri").asText());
    if (!web.allows(keys)) {
      throw new IOException("its jwks_uri must begin with https://");
    }
    return JWKSourceBuilder.create(keys.toURL(), web)
        .cache(KEPT, WAIT)
        .refreshAheadCache(false)
        .rateLimited(APART)
        .outageTolerant(OUTAGE)
        .build();
  }

  @Override
  public void close() {
    web.close();
  }
}
