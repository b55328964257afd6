package dev.polder.policy.internal;

import dev.polder.model.Secret;
import dev.polder.model.TokenId;
import dev.polder.policy.TokenKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of a token: {@code polder_<kind>_<id>_<random>}, where the random part has more than 230
 * bits. The text itself is never stored; {@link #fingerprint} is.
 */
public final class TokenText {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_LENGTH = 40;
  private static final Pattern FORM =
      Pattern.compile("polder_(pat|key|session)_([0-9a-f-]{1,64})_([0-9A-Za-z]{40})");

  private TokenText() {}

  public static Secret make(TokenKind kind, TokenId id, SecureRandom random) {
    StringBuilder text = new StringBuilder("polder_").append(kind.word()).append('_').append(id);
    text.append('_');
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return Secret.of(text.toString());
  }

  /** The identity that the text names; empty when it has not the form of a token. */
  public static Optional<TokenId> id(Secret text) {
    Matcher matcher = FORM.matcher(text.reveal());
    return matcher.matches() ? Optional.of(new TokenId(matcher.group(2))) : Optional.empty();
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
}
