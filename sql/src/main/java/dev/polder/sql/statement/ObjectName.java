package dev.polder.sql.statement;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A name of one to three parts as written, unresolved: {@code t}, {@code s.t} or {@code d.s.t}.
 * Quotes are removed, case is kept.
 */
public record ObjectName(List<String> parts) {
  public ObjectName {
    parts = List.copyOf(parts);
    if (parts.isEmpty() || parts.size() > 3) {
      throw new IllegalArgumentException("a name has one to three parts: " + parts);
    }
  }

  public static ObjectName of(String... parts) {
    return new ObjectName(List.of(parts));
  }

  /** The last part: the object's own name. */
  public String last() {
    return parts.getLast();
  }

  /** As SQL, quoted where needed. */
  @Override
  public String toString() {
    return parts.stream().map(Identifiers::quoteIfNeeded).collect(Collectors.joining("."));
  }
}
