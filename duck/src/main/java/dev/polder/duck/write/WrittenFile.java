package dev.polder.duck.write;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A finished Parquet file in the staging directory. Immutable.
 *
 * @param stats by field id
 * @param partition the value of each partition column in order, as text as DuckDB casts it; null
 *     for NULL
 */
public record WrittenFile(
    Path path,
    long rows,
    long bytes,
    Map<Integer, ColumnStats> stats,
    List<@Nullable String> partition,
    List<Long> splitOffsets) {
  public WrittenFile {
    stats = Map.copyOf(stats);
    partition = Collections.unmodifiableList(new ArrayList<>(partition));
    splitOffsets = List.copyOf(splitOffsets);
  }
}
