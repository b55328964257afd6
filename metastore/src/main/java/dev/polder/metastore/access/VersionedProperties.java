package dev.polder.metastore.access;

import java.util.Map;

/**
 * What clients keep beside an object. Immutable.
 *
 * @param version rises with each change of them
 * @param updatedAt when they were last changed; 0: never
 */
public record VersionedProperties(Map<String, String> properties, long version, long updatedAt) {
  public VersionedProperties {
    properties = Map.copyOf(properties);
  }
}
