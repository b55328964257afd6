package dev.polder.engine.management;

import dev.polder.metastore.access.VersionedProperties;
import java.util.Map;

/**
 * A named object with what clients keep beside it. Immutable.
 *
 * @param createdAt in microseconds
 * @param updatedAt when its properties were last changed, in microseconds
 * @param version rises with each change of them
 */
public record Described(
    String name, Map<String, String> properties, long createdAt, long updatedAt, long version) {
  public Described {
    properties = Map.copyOf(properties);
  }

  static Described of(String name, long createdAt, VersionedProperties kept) {
    return new Described(
        name, kept.properties(), createdAt, Math.max(createdAt, kept.updatedAt()), kept.version());
  }
}
