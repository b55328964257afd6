package dev.polder.policy.internal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
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
  private static final int LONGEST = 16 << 10;
  private static final Duration SKEW = Duration.ofSeconds(60);
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
      if (issuer == null || !ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
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
   * @return when the token ends; empty when it does not count
   */
  public Optional<Instant> proven(Unproven token) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT,
            new JOSEObjectType("at+jwt"),
            new JOSEObjectType("application/at+jwt"),
            null));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, keys.of(token.issuer())));
    // The times are checked below, by this server's clock.
    processor.setJWTClaimsSetVerifier((claims, context) -> {});
    try {
      return inTime(processor.process(token.jwt(), null));
    } catch (RateLimitReachedException unknownKeys) {
      return Optional.empty();
    } catch (KeySourceException e) {
      throw IssuerKeys.unavailable(token.issuer(), String.valueOf(e.getMessage()));
    } catch (BadJOSEException | JOSEException refused) {
      return Optional.empty();
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
    return counts ? Optional.of(end.toInstant().plus(SKEW)) : Optional.empty();
  }

  private static boolean begun(@Nullable Date start, Instant now) {
    return start == null || !start.toInstant().minus(SKEW).isAfter(now);
  }
}
