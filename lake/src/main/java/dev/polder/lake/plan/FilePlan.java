package dev.polder.lake.plan;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** A plan over data files; sums up their metrics on demand. */
record FilePlan(List<PlannedFile> files, int totalFiles, Schema schema) implements ScanPlan {
  FilePlan {
    files = List.copyOf(files);
  }

  @Override
  public long recordCount() {
    return files.stream().mapToLong(PlannedFile::recordCount).sum();
  }

  @Override
  public long fileSize() {
    return files.stream().mapToLong(PlannedFile::fileSize).sum();
  }

  @Override
  public boolean hasDeletes() {
    return files.stream().anyMatch(file -> file.deletes().isPresent());
  }

  @Override
  public ColumnSummary summary(int fieldId) {
    Type type = schema.findType(fieldId);
    OptionalLong nulls = sum(fieldId, DataFile::nullValueCounts);
    OptionalLong nans = sum(fieldId, DataFile::nanValueCounts);
    if (type == null || !type.isPrimitiveType() || type.typeId() == Type.TypeID.UUID) {
      return new ColumnSummary(Optional.empty(), Optional.empty(), nulls, nans);
    }
    return new ColumnSummary(
        bound(fieldId, type.asPrimitiveType(), true),
        bound(fieldId, type.asPrimitiveType(), false),
        nulls,
        nans);
  }

  private OptionalLong sum(int fieldId, Counts counts) {
    long sum = 0;
    for (PlannedFile file : files) {
      Map<Integer, Long> known = counts.of(file.dataFile());
      Long count = known == null ? null : known.get(fieldId);
      if (count == null) {
        return OptionalLong.empty();
      }
      sum += count;
    }
    return OptionalLong.of(sum);
  }

  private Optional<Object> bound(int fieldId, Type.PrimitiveType type, boolean lower) {
    Comparator<Object> order = Comparators.forType(type);
    Object extreme = null;
    for (PlannedFile file : files) {
      if (holdsOnlyNulls(file.dataFile(), fieldId)) {
        continue;
      }
      Map<Integer, ByteBuffer> bounds =
          lower ? file.dataFile().lowerBounds() : file.dataFile().upperBounds();
      ByteBuffer bytes = bounds == null ? null : bounds.get(fieldId);
      if (bytes == null) {
        return Optional.empty();
      }
      Object bound = Conversions.fromByteBuffer(type, bytes);
      if (extreme == null
          || (lower ? order.compare(bound, extreme) < 0 : order.compare(bound, extreme) > 0)) {
        extreme = bound;
      }
    }
    return Optional.ofNullable(extreme);
  }

  private static boolean holdsOnlyNulls(DataFile file, int fieldId) {
    Long values = file.valueCounts() == null ? null : file.valueCounts().get(fieldId);
    Long nulls = file.nullValueCounts() == null ? null : file.nullValueCounts().get(fieldId);
    return values != null && nulls != null && values.longValue() == nulls.longValue();
  }

  private interface Counts {
    @Nullable Map<Integer, Long> of(DataFile file);
  }
}
