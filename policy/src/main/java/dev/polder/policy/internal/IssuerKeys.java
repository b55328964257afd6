package dev.polder.policy.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that issuers sign with, found through their OpenID configuration. They are kept for
 * minutes, got again at an unknown key's name, though rarely, and held on to while the issuer
 * cannot be reached. However many ask, an issuer is asked once at a time. Thread-safe.
 */
public final class IssuerKeys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIGURATION = "/.well-known/openid-configuration";
  private static final long KEPT = Duration.ofMinutes(5).toMillis();
  private static final long WAIT = Duration.ofSeconds(10).toMillis();
  private static final long APART = Duration.ofSeconds(30).toMillis();
  private static final long OUTAGE = Duration.ofHours(4).toMillis();
  private static final int MOST_ISSUERS = 1_000;

  private final WebDocuments web;
  private final AsyncCache<Trusted, Found> known =
      Caffeine.newBuilder()
          .maximumSize(MOST_ISSUERS)
          .executor(Thread::startVirtualThread)
          .expireAfter(Expiry.<Trusted, Found>creating((trusted, found) -> found.kept()))
          .buildAsync();

  /** An issuer as of one state of the settings: with another its keys are asked for anew. */
  private record Trusted(String issuer, long since) {}

  private sealed interface Found {
    Duration kept();

    record Keys(JWKSource<SecurityContext> source) implements Found {
      @Override
      public Duration kept() {
        return Duration.ofHours(1);
      }
    }

    record Nothing() implements Found {
      @Override
      public Duration kept() {
        return Duration.ofSeconds(5);
      }
    }
  }

  public IssuerKeys(WebDocuments web) {
    this.web = web;
  }

  /**
   * The issuer's keys.
   *
   * @param since the state of the provider's settings
   * @throws PolderException IDENTITY_PROVIDER_UNAVAILABLE when it cannot be asked
   */
  public JWKSource<SecurityContext> of(String issuer, long since) {
    Found found = known.get(new Trusted(issuer, since), trusted -> found(trusted.issuer())).join();
    return switch (found) {
      case Found.Keys keys -> keys.source();
      case Found.Nothing nothing -> throw unavailable(issuer);
    };
  }

  /** Why goes to the log alone: whoever brings a token is nobody yet. */
  static PolderException unavailable(String issuer) {
    return new PolderException(
        ErrorCode.IDENTITY_PROVIDER_UNAVAILABLE,
        "the identity provider "
            + issuer
            + " cannot be asked for its keys; try again, the server's log says why");
  }

  static void log(String issuer, Exception why) {
    LOG.warn("the identity provider {} cannot be asked for its keys: {}", issuer, why.toString());
  }

  private Found found(String issuer) {
    try {
      return new Found.Keys(asked(issuer));
    } catch (IOException | IllegalArgumentException e) {
      log(issuer, e);
      return new Found.Nothing();
    }
  }

  private JWKSource<SecurityContext> asked(String issuer) throws IOException {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    URI place = URI.create(base + CONFIGURATION);
    JsonNode configuration = JSON.readTree(web.get(place));
    if (!configuration.path("issuer").asText().equals(issuer)) {
      throw new IOException("its configuration is another issuer's");
    }
    URI keys = URI.create(configuration.path("jwks_uri").asText());
    if (!web.allows(keys)) {
      throw new IOException("its jwks_uri must begin with https://");
    }
    return JWKSourceBuilder.create(
            keys.toURL(), url -> new Resource(web.getNamed(place, keys), "application/json"))
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
