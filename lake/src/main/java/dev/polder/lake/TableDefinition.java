package dev.polder.lake;

import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;

/**
 * A table to be made. Field ids in the schema are replaced by new ones; spec and sort order refer
 * to the given ones.
 *
 * @param formatVersion 2 or 3
 */
public record TableDefinition(
    Schema schema,
    PartitionSpec spec,
    SortOrder sortOrder,
    Map<String, String> properties,
    int formatVersion) {
  public TableDefinition {
    properties = Map.copyOf(properties);
  }

  /** An unpartitioned table of format version 2. */
  public static TableDefinition of(Schema schema) {
    return new TableDefinition(
        schema, PartitionSpec.unpartitioned(), SortOrder.unsorted(), Map.of(), 2);
  }
}
