package dev.polder.engine.internal.dml;

import dev.polder.duck.QueryResult;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.lake.plan.ScanPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** Rows of a target, by file. Immutable once read. */
record MatchedRows(Map<PlannedFile, RoaringBitmap> byFile, long count) {

  /**
   * Reads them from a query.
   *
   * @param sql gives file index and row position, each row once
   */
  static MatchedRows read(
      Execution execution, ScanPlan plan, String sql, List<? extends @Nullable Object> parameters) {
    Map<Integer, RoaringBitmap> byIndex = new LinkedHashMap<>();
    try (QueryResult result =
        execution.connection().query(sql, parameters, execution.allocator())) {
      while (result.loadNext()) {
        IntVector files = (IntVector) result.root().getVector(0);
        BigIntVector rows = (BigIntVector) result.root().getVector(1);
        for (int i = 0; i < result.root().getRowCount(); i++) {
          byIndex
              .computeIfAbsent(files.get(i), index -> new RoaringBitmap())
              .add(Math.toIntExact(rows.get(i)));
        }
      }
    }
    Map<PlannedFile, RoaringBitmap> byFile = new LinkedHashMap<>();
    long count = 0;
    for (PlannedFile file : plan.files()) {
      RoaringBitmap rows = byIndex.get(file.index());
      if (rows != null) {
        byFile.put(file, rows);
        count += rows.getLongCardinality();
      }
    }
    return new MatchedRows(byFile, count);
  }

  boolean isEmpty() {
    return byFile.isEmpty();
  }

  /** All rows of a file that are gone: those deleted before and those matched. */
  RoaringBitmap gone(PlannedFile file) {
    RoaringBitmap matched = byFile.getOrDefault(file, new RoaringBitmap());
    return file.deletes()
        .map(deletes -> RoaringBitmap.or(deletes.positions(), matched))
        .orElse(matched);
  }
}
