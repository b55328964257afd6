package dev.polder.sql.statement;

import java.util.List;
import java.util.OptionalInt;

/**
 * One field of a partition specification.
 *
 * @param column path of the source column
 * @param argument the number of buckets or the width; empty for the other transforms
 */
public record PartitionField(Transform transform, List<String> column, OptionalInt argument) {
  /** Iceberg's partition transforms. */
  public enum Transform {
    IDENTITY,
    BUCKET,
    TRUNCATE,
    YEAR,
    MONTH,
    DAY,
    HOUR,
    VOID
  }

  public PartitionField {
    column = List.copyOf(column);
  }
}
