package dev.polder.model;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/** Gives identities. Thread-safe. */
@FunctionalInterface
public interface IdSource {
  UUID next();

  /** UUIDs of version 7 (RFC 9562): time-ordered, with 74 random bits. */
  static IdSource timeOrdered(Clock clock) {
    SecureRandom random = new SecureRandom();
    return () -> {
      long high = (clock.millis() << 16) | 0x7000L | (random.nextLong() & 0xFFFL);
      long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low);
    };
  }
}
