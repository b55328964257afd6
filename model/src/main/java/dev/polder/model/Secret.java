package dev.polder.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A password, key or token. Prints as {@code ***}; only {@link #reveal()} gives its text.
 * Immutable.
 */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  public static Secret of(String value) {
    return new Secret(value);
  }

  /** The text itself: for hashing, for a client library, or to be shown once to its owner. */
  public String reveal() {
    return value;
  }

  /** Compares in a time that does not depend on where the texts differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return Secret.class.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
