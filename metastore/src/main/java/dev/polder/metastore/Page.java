package dev.polder.metastore;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list in key order. Immutable.
 *
 * @param next what to pass as {@code after} for the following page; empty on the last one
 */
public record Page<T>(List<T> items, Optional<String> next) {
  public static final int MAX_LIMIT = 1000;

  public Page {
    items = List.copyOf(items);
  }

  /** How many rows to read for a page of this size: one more shows whether another page follows. */
  public static int probe(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit);
    }
    return Math.min(limit, MAX_LIMIT) + 1;
  }

  /** Makes a page of what a query limited by {@link #probe} returned. */
  public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> key) {
    int size = probe(limit) - 1;
    if (rows.size() <= size) {
      return new Page<>(rows, Optional.empty());
    }
    return new Page<>(rows.subList(0, size), Optional.of(key.apply(rows.get(size - 1))));
  }
}
