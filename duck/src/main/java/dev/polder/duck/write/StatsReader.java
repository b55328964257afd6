package dev.polder.duck.write;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the column statistics that COPY returns into metrics by field id. Immutable. */
final class StatsReader {
  /**
   * A leaf of the schema.
   *
   * @param repeated below a list or a map, where bounds mean nothing to readers
   */
  private record Leaf(int fieldId, String duckType, boolean repeated) {}

  private final Map<String, Leaf> leaves = new HashMap<>();

  StatsReader(List<WriteColumn> columns) {
    for (WriteColumn column : columns) {
      add("", column, false);
    }
  }

  private void add(String prefix, WriteColumn column, boolean repeated) {
    String path = prefix + '"' + column.name().replace("\"", "\"\"") + '"';
    boolean container = !column.children().isEmpty();
    boolean struct = column.duckType().regionMatches(true, 0, "STRUCT(", 0, 7);
    boolean list = column.duckType().endsWith("]");
    leaves.put(path, new Leaf(column.fieldId(), column.duckType(), repeated || container));
    for (WriteColumn child : column.children()) {
      add(path + ".", child, repeated || !struct || list);
    }
  }

  /**
   * @param report the driver's form of {@code MAP(VARCHAR, MAP(VARCHAR, VARCHAR))}
   */
  Map<Integer, ColumnStats> read(@Nullable Object report) {
    Map<Integer, ColumnStats> stats = new HashMap<>();
    for (Map.Entry<?, ?> entry : map(report).entrySet()) {
      Leaf leaf = leaves.get(String.valueOf(entry.getKey()));
      if (leaf != null) {
        stats.put(leaf.fieldId(), stats(leaf, map(entry.getValue())));
      }
    }
    return stats;
  }

  private static ColumnStats stats(Leaf leaf, Map<?, ?> values) {
    Object min = leaf.repeated() ? null : bound(values, "min", leaf);
    Object max = leaf.repeated() ? null : bound(values, "max", leaf);
    return new ColumnStats(
        number(values, "column_size_bytes", 0),
        number(values, "num_values", 0),
        number(values, "null_count", 0),
        number(values, "nan_count", -1),
        min,
        max,
        min != null && max != null);
  }

  /** Bounds that DuckDB cut short are left out: an upper one would be wrong. */
  private static @Nullable Object bound(Map<?, ?> values, String which, Leaf leaf) {
    Object text = values.get(which);
    Object exact = values.get(which + "_is_exact");
    if (text == null || exact == null || !exact.toString().equals("true")) {
      return null;
    }
    return BoundParser.parse(leaf.duckType(), text.toString(), which.equals("max"));
  }

  private static long number(Map<?, ?> values, String key, long otherwise) {
    Object text = values.get(key);
    return text == null ? otherwise : Long.parseLong(text.toString());
  }

  private static Map<?, ?> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new PolderException(
        ErrorCode.INTERNAL_ERROR, "the report of a written file is malformed");
  }
}
