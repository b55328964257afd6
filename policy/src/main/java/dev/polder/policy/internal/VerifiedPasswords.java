package dev.polder.policy.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.polder.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers for a short while that a name's password was verified against a certain stored hash, so
 * that Basic authentication of each request costs no argon2. Keyed by an HMAC under a key that only
 * this process has; a changed hash never matches. Thread-safe.
 */
public final class VerifiedPasswords {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAX_ENTRIES = 10_000;

  private final SecretKeySpec key;
  private final Cache<String, PasswordHash> verified;

  public VerifiedPasswords(Duration lifetime, Ticker ticker) {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, ALGORITHM);
    this.verified =
        Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .expireAfterWrite(lifetime)
            .ticker(ticker)
            .build();
  }

  /** The stored hash against which this password was verified, if it lately was. */
  public Optional<PasswordHash> verifiedAgainst(String name, Secret password) {
    return Optional.ofNullable(verified.getIfPresent(digest(name, password)));
  }

  public void remember(String name, Secret password, PasswordHash stored) {
    verified.put(digest(name, password), stored);
  }

  private String digest(String name, Secret password) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(name.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return HexFormat.of()
          .formatHex(mac.doFinal(password.reveal().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
