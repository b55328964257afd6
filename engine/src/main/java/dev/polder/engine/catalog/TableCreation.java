package dev.polder.engine.catalog;

import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;

/**
 * A table that another engine wants. Immutable.
 *
 * @param location where the client would have it; the server chooses
 */
public record TableCreation(
    String name,
    Schema schema,
    PartitionSpec spec,
    SortOrder order,
    Optional<String> location,
    Map<String, String> properties) {
  public TableCreation {
    properties = Map.copyOf(properties);
  }
}
