package dev.polder.door.iceberg.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Function;

/**
 * The bytes that spell an immutable object, kept as long as somebody else keeps that very object:
 * the catalog says each time which one is the newest, so that nothing old is shown. Thread-safe.
 */
final class Bodies<T> {
  private static final long MAX_BYTES = 64L << 20;

  private final Cache<T, byte[]> cache =
      Caffeine.newBuilder()
          .weakKeys()
          .maximumWeight(MAX_BYTES)
          .weigher((T shown, byte[] body) -> body.length)
          .build();
  private final Function<T, byte[]> writer;

  Bodies(Function<T, byte[]> writer) {
    this.writer = writer;
  }

  byte[] of(T shown) {
    return cache.get(shown, writer);
  }
}
