package dev.polder.lake.write;

import dev.polder.lake.type.InternalValues;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.MetricsModes;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UnicodeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Makes Iceberg's entries of published files, with as much of their metrics as the table's {@code
 * write.metadata.metrics} properties want. For one version of a table; thread-safe.
 */
public final class DataFileConverter {
  private static final int INEXACT_LENGTH = 16;

  private final TableMetadata table;
  private final Schema schema;
  private final MetricsConfig modes;

  public DataFileConverter(TableMetadata table) {
    this.table = table;
    this.schema = table.schema();
    this.modes = MetricsConfig.from(table.properties(), schema, table.sortOrder());
  }

  /** The entry of one file. */
  public DataFile convert(DataFileSpec file) {
    PartitionSpec spec = table.spec(file.specId());
    if (spec == null) {
      throw new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          file.path() + " was written for a partitioning that the table does not have; try again");
    }
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(file.path())
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(file.fileSize())
            .withMetrics(metrics(file))
            .withSortOrderId(file.sortOrderId());
    if (!file.splitOffsets().isEmpty()) {
      builder.withSplitOffsets(file.splitOffsets());
    }
    if (spec.isPartitioned()) {
      builder.withPartition(partition(spec, file.partition()));
    }
    return builder.build();
  }

  private static PartitionData partition(PartitionSpec spec, List<@Nullable Object> values) {
    Types.StructType type = spec.partitionType();
    if (values.size() != type.fields().size()) {
      throw new IllegalArgumentException(
          "partition of " + values.size() + " values for " + type.fields().size() + " fields");
    }
    PartitionData partition = new PartitionData(type);
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value != null) {
        Types.NestedField field = type.fields().get(i);
        partition.set(
            i,
            InternalValues.of(field.type(), value)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "partition value " + value + " is no " + field.type())));
      }
    }
    return partition;
  }

  private Metrics metrics(DataFileSpec file) {
    Map<Integer, Long> sizes = new HashMap<>();
    Map<Integer, Long> values = new HashMap<>();
    Map<Integer, Long> nulls = new HashMap<>();
    Map<Integer, Long> nans = new HashMap<>();
    Map<Integer, ByteBuffer> lower = new HashMap<>();
    Map<Integer, ByteBuffer> upper = new HashMap<>();
    for (ColumnMetrics column : file.columns()) {
      Type type = schema.findType(column.fieldId());
      String name = schema.findColumnName(column.fieldId());
      if (type == null || name == null || !type.isPrimitiveType()) {
        continue;
      }
      MetricsModes.MetricsMode mode = modes.columnMode(name);
      put(sizes, column.fieldId(), column.compressedSize());
      if (mode instanceof MetricsModes.None) {
        continue;
      }
      put(values, column.fieldId(), column.values());
      put(nulls, column.fieldId(), column.nulls());
      put(nans, column.fieldId(), column.nans());
      if (mode instanceof MetricsModes.Counts) {
        continue;
      }
      int length = mode instanceof MetricsModes.Truncate cut ? cut.length() : 0;
      bound(type, column.lower(), column.lowerExact(), length, true)
          .ifPresent(bound -> lower.put(column.fieldId(), bound));
      bound(type, column.upper(), column.upperExact(), length, false)
          .ifPresent(bound -> upper.put(column.fieldId(), bound));
    }
    return new Metrics(file.recordCount(), sizes, values, nulls, nans, lower, upper);
  }

  private static void put(Map<Integer, Long> counts, int id, long count) {
    if (count >= 0) {
      counts.put(id, count);
    }
  }

  private static Optional<ByteBuffer> bound(
      Type type, @Nullable Object given, boolean exact, int length, boolean lower) {
    Object value = given == null ? null : InternalValues.of(type, given).orElse(null);
    if (value == null || isNaN(value)) {
      return Optional.empty();
    }
    Object bound =
        switch (value) {
          case String text -> text(text, exact, length, lower);
          case ByteBuffer bytes -> bytes(bytes, exact, length, lower);
          default -> exact ? value : null;
        };
    return Optional.ofNullable(bound).map(known -> Conversions.toByteBuffer(type, known));
  }

  /** An inexact upper bound is a prefix of the greatest value and has to be rounded up too. */
  private static @Nullable Object text(String text, boolean exact, int length, boolean lower) {
    int points = text.codePointCount(0, text.length());
    if (!exact && !lower && points > 0) {
      int cut = Math.min(length > 0 ? length : INEXACT_LENGTH, points);
      return roundedUp(text, cut, points);
    }
    if (length == 0 || points <= length) {
      return !exact && !lower ? null : text;
    }
    return lower
        ? UnicodeUtil.truncateStringMin(text, length)
        : UnicodeUtil.truncateStringMax(text, length);
  }

  /** Iceberg rounds up only what it shortens, so a character is added to be cut off again. */
  private static @Nullable String roundedUp(String text, int cut, int points) {
    return UnicodeUtil.truncateStringMax(points > cut ? text : text + "x", cut);
  }

  private static @Nullable Object bytes(
      ByteBuffer bytes, boolean exact, int length, boolean lower) {
    if (!exact && !lower) {
      return null;
    }
    if (length == 0 || bytes.remaining() <= length) {
      return bytes;
    }
    return lower
        ? BinaryUtil.truncateBinaryMin(bytes, length)
        : BinaryUtil.truncateBinaryMax(bytes, length);
  }

  private static boolean isNaN(Object value) {
    return (value instanceof Double d && d.isNaN()) || (value instanceof Float f && f.isNaN());
  }
}
