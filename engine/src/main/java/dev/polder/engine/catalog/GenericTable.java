package dev.polder.engine.catalog;

import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A table of a format that this server does not read. Immutable.
 *
 * @param baseLocation below which all of its files lie; empty: its users know
 */
public record GenericTable(
    TableIdentifier name,
    String format,
    Optional<String> baseLocation,
    Optional<String> doc,
    Map<String, String> properties) {
  public GenericTable {
    properties = Map.copyOf(properties);
  }
}
