package dev.polder.policy.internal;

import dev.polder.metastore.access.TokenKind;
import dev.polder.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The form of a token: {@code polder_<kind>_<random>}, where the random part has 238 bits. The text
 * itself is never stored; {@link #fingerprint} is, and finds it.
 */
public final class TokenText {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_LENGTH = 40;
  private static final int SECRET_LENGTH = 43;
  private static final int CLIENT_ID_LENGTH = 20;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORM = Pattern.compile("polder_(pat|key|session)_[0-9A-Za-z]{40}");
  private static final Pattern SECRET = Pattern.compile("polder_secret_[0-9A-Za-z]{43}");

  private TokenText() {}

  public static Secret make(TokenKind kind) {
    return Secret.of("polder_" + word(kind) + "_" + random(RANDOM_LENGTH));
  }

  /** A client's secret, of 256 random bits. */
  public static Secret makeSecret() {
    return Secret.of("polder_secret_" + random(SECRET_LENGTH));
  }

  public static String makeClientId() {
    return random(CLIENT_ID_LENGTH);
  }

  private static String random(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** Whether the text looks like a client's secret. */
  public static boolean isSecret(Secret text) {
    return SECRET.matcher(text.reveal()).matches();
  }

  /** Whether the text looks like a token at all. */
  public static boolean hasForm(Secret text) {
    return FORM.matcher(text.reveal()).matches();
  }

  /** SHA-256 of the whole text, in hexadecimal. Enough, since the text is random. */
  public static String fingerprint(Secret text) {
    return HexFormat.of().formatHex(sha256(text.reveal()));
  }

  public static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String word(TokenKind kind) {
    return switch (kind) {
      case PERSONAL -> "pat";
      case API_KEY -> "key";
      case SESSION -> "session";
    };
  }
}
