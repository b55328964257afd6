package dev.polder.lake.write;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file that a writer has published into the warehouse and wants to add to a table.
 * Immutable.
 *
 * @param path location inside the table's own directory
 * @param splitOffsets where row groups start, in order; empty when unknown
 * @param partition one value for each field of the spec, in its order, as its transform gives it
 *     (days, months … as {@code Integer}, identity in the form of {@code LakeFilter.Comparison})
 * @param specId partition spec that the file was written for
 * @param sortOrderId 0 when the rows have no order
 */
public record DataFileSpec(
    String path,
    long recordCount,
    long fileSize,
    List<Long> splitOffsets,
    List<ColumnMetrics> columns,
    List<@Nullable Object> partition,
    int specId,
    int sortOrderId) {
  public DataFileSpec {
    splitOffsets = List.copyOf(splitOffsets);
    columns = List.copyOf(columns);
    partition = Collections.unmodifiableList(new ArrayList<>(partition));
  }
}
