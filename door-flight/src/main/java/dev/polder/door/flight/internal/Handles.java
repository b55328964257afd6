package dev.polder.door.flight.internal;

import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable names of 192 random bits. */
final class Handles {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Handles() {}

  static String next() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
