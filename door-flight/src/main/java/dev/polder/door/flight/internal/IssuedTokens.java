package dev.polder.door.flight.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Digests of the tokens that this door gave out, as long as they live. Thread-safe. */
final class IssuedTokens {
  private static final int MOST = 100_000;

  private final long lifetimeNanos;
  private final LinkedHashMap<String, Long> made = new LinkedHashMap<>();

  IssuedTokens(Duration lifetime) {
    this.lifetimeNanos = lifetime.toNanos();
  }

  synchronized void add(String digest) {
    long now = System.nanoTime();
    made.put(digest, now);
    var oldest = made.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<String, Long> entry = oldest.next();
      if (made.size() <= MOST && now - entry.getValue() <= lifetimeNanos) {
        break;
      }
      oldest.remove();
    }
  }

  synchronized boolean contains(String digest) {
    return made.containsKey(digest);
  }
}
