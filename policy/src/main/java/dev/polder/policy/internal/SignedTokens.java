package dev.polder.policy.internal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.polder.model.Secret;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tokens that identity providers sign. Only asymmetric signatures count: a provider's
 * public key must not serve as a shared secret. Thread-safe.
 */
public final class SignedTokens {
  private static final Pattern FORM = Pattern.compile("[\\w-]{4,}\\.[\\w-]{4,}\\.[\\w-]*");

  /** A URL; the metastore does not take every character either. */
  private static final Pattern ISSUER = Pattern.compile("[\\x21-\\x7e]{1,1000}");

  private static final int LONGEST = 16 << 10;
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final Duration MOST = Duration.ofDays(366);
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.EdDSA,
          JWSAlgorithm.Ed25519);

  private static final Set<JOSEObjectType> TYPES =
      Set.of(
          JOSEObjectType.JWT,
          new JOSEObjectType("at+jwt"),
          new JOSEObjectType("application/at+jwt"));

  private final IssuerKeys keys;
  private final Clock clock;

  public SignedTokens(IssuerKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** Whether the text can be such a token, and so is none of this server's. */
  public static boolean hasForm(Secret text) {
    return text.reveal().length() <= LONGEST && FORM.matcher(text.reveal()).matches();
  }

  /**
   * A token as it says of itself; nothing of it is proven.
   *
   * @param issuer who it says has signed it
   */
  public record Unproven(SignedJWT jwt, String issuer, List<String> audiences, Claims claims) {}

  /** Reads a token; empty when it is none, or signed in a way that counts for nothing. */
  public static Optional<Unproven> read(Secret text) {
    try {
      SignedJWT jwt = SignedJWT.parse(text.reveal());
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      @Nullable String issuer = claims == null ? null : claims.getIssuer();
      if (issuer == null
          || !ISSUER.matcher(issuer).matches()
          || !ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
        return Optional.empty();
      }
      return Optional.of(
          new Unproven(jwt, issuer, claims.getAudience(), new Claims(claims.getClaims())));
    } catch (ParseException | IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  /**
   * Checks the signature and the times.
   *
   * @param since the state of the provider's settings
   * @return when the token ends; empty when it does not count
   */
  public Optional<Instant> proven(Unproven token, long since) {
    JWSHeader header = token.jwt().getHeader();
    if (header.getType() != null && !TYPES.contains(header.getType())) {
      return Optional.empty();
    }
    try {
      JWKSelector wanted = new JWKSelector(JWKMatcher.forJWSHeader(header));
      for (JWK key : keys.of(token.issuer(), since).get(wanted, null)) {
        if (signed(token.jwt(), key)) {
          return inTime(token.jwt().getJWTClaimsSet());
        }
      }
      return Optional.empty();
    } catch (RateLimitReachedException unknownKeys) {
      return Optional.empty();
    } catch (KeySourceException e) {
      IssuerKeys.log(token.issuer(), e);
      throw IssuerKeys.unavailable(token.issuer());
    } catch (ParseException refused) {
      return Optional.empty();
    }
  }

  private static boolean signed(SignedJWT token, JWK key) {
    try {
      return switch (key) {
        case RSAKey rsa -> token.verify(new RSASSAVerifier(rsa));
        case ECKey curve -> token.verify(new ECDSAVerifier(curve));
        case OctetKeyPair edwards -> token.verify(new Ed25519Verifier(edwards.toPublicJWK()));
        default -> false;
      };
    } catch (JOSEException otherKindOfKey) {
      return false;
    }
  }

  private Optional<Instant> inTime(JWTClaimsSet claims) {
    Instant now = clock.instant();
    @Nullable Date end = claims.getExpirationTime();
    boolean counts =
        end != null
            && end.toInstant().plus(SKEW).isAfter(now)
            && begun(claims.getNotBeforeTime(), now)
            && begun(claims.getIssueTime(), now);
    Instant latest = now.plus(MOST);
    return counts
        ? Optional.of(end.toInstant().plus(SKEW))
            .filter(latest::isAfter)
            .or(() -> Optional.of(latest))
        : Optional.empty();
  }

  private static boolean begun(@Nullable Date start, Instant now) {
    return start == null || !start.toInstant().minus(SKEW).isAfter(now);
  }
}
