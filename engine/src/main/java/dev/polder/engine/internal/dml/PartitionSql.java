package dev.polder.engine.internal.dml;

import dev.polder.duck.ScalarFunction;
import dev.polder.duck.write.PartitionColumn;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.lake.write.PartitionExpression;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.duckdb.DuckDBColumnType;
import org.jspecify.annotations.Nullable;

/**
 * Iceberg's partition transforms as DuckDB's SQL. What SQL cannot say exactly (bucket's hash) is a
 * Java function that every instance knows. Stateless.
 */
public final class PartitionSql {
  private static final String BUCKET = "polder_bucket";
  private static final DateTimeFormatter TIMESTAMP =
      new java.time.format.DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .toFormatter(java.util.Locale.ROOT);

  private PartitionSql() {}

  /** The function {@code polder_bucket(type, buckets, value as text)}. */
  public static ScalarFunction bucketFunction() {
    return new ScalarFunction(
        BUCKET,
        List.of(DuckDBColumnType.VARCHAR, DuckDBColumnType.INTEGER, DuckDBColumnType.VARCHAR),
        DuckDBColumnType.INTEGER,
        (input, output) -> {
          for (long row = 0; row < input.rowCount(); row++) {
            Type type = Types.fromPrimitiveString(input.vector(0).getString(row));
            Object value = internal(type, input.vector(2).getString(row));
            Object bucket = Transforms.bucket(input.vector(1).getInt(row)).bind(type).apply(value);
            output.setInt(row, (Integer) bucket);
          }
        });
  }

  /** The column by which rows are split into files. */
  static PartitionColumn column(PartitionExpression partition) {
    return new PartitionColumn(expression(partition), duckType(partition));
  }

  private static String duckType(PartitionExpression partition) {
    return switch (partition.kind()) {
      case IDENTITY, TRUNCATE -> IcebergTypes.toDuck(partition.sourceType());
      case BUCKET, YEAR, MONTH, DAY, HOUR, VOID -> "INTEGER";
    };
  }

  private static String expression(PartitionExpression partition) {
    String column = column(partition.sourceName());
    String time = utc(column, partition.sourceType());
    return switch (partition.kind()) {
      case IDENTITY -> column;
      case VOID -> "CAST(NULL AS INTEGER)";
      case YEAR -> "CAST(year(" + time + ") - 1970 AS INTEGER)";
      case MONTH -> "CAST((year(" + time + ") - 1970) * 12 + month(" + time + ") - 1 AS INTEGER)";
      case DAY -> "CAST(CAST(" + time + " AS DATE) - DATE '1970-01-01' AS INTEGER)";
      case HOUR -> "CAST(floor(epoch(" + time + ") / 3600) AS INTEGER)";
      case BUCKET ->
          BUCKET
              + "('"
              + partition.sourceType()
              + "', "
              + partition.width()
              + "::INTEGER, "
              + text(column, time, partition.sourceType())
              + ")";
      case TRUNCATE -> truncate(column, partition.sourceType(), partition.width());
    };
  }

  /** A nested field is reached part by part. */
  private static String column(String name) {
    return List.of(name.split("\\.")).stream()
        .map(IcebergTypes::quote)
        .collect(java.util.stream.Collectors.joining("."));
  }

  private static String utc(String column, Type type) {
    return type instanceof Types.TimestampType timestamp && timestamp.shouldAdjustToUTC()
        ? "(" + column + " AT TIME ZONE 'UTC')"
        : column;
  }

  private static String text(String column, String time, Type type) {
    return switch (type.typeId()) {
      case BINARY, FIXED -> "hex(" + column + ")";
      case TIMESTAMP -> "CAST(" + time + " AS VARCHAR)";
      default -> "CAST(" + column + " AS VARCHAR)";
    };
  }

  private static String truncate(String column, Type type, int width) {
    return switch (type.typeId()) {
      case STRING -> "left(" + column + ", " + width + ")";
      case BINARY -> "unhex(left(hex(" + column + "), " + 2 * width + "))";
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        String step =
            "CAST('"
                + BigDecimal.valueOf(width, decimal.scale()).toPlainString()
                + "' AS DECIMAL(38,"
                + decimal.scale()
                + "))";
        yield floored("CAST(" + column + " AS DECIMAL(38," + decimal.scale() + "))", step);
      }
      default -> floored(column, Integer.toString(width));
    };
  }

  private static String floored(String value, String width) {
    return "(" + value + " - (((" + value + " % " + width + ") + " + width + ") % " + width + "))";
  }

  /** The value that a file's partition has, from DuckDB's text of it. */
  static @Nullable Object value(PartitionExpression partition, @Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (partition.kind()) {
      case BUCKET, YEAR, MONTH, DAY, HOUR, VOID -> Integer.valueOf(text);
      case IDENTITY, TRUNCATE -> internal(partition.sourceType(), text);
    };
  }

  private static Object internal(Type type, String text) {
    return switch (type.typeId()) {
      case BOOLEAN -> Boolean.valueOf(text);
      case INTEGER -> Integer.valueOf(text);
      case LONG -> Long.valueOf(text);
      case FLOAT -> Float.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      case DECIMAL -> new BigDecimal(text).setScale(((Types.DecimalType) type).scale());
      case DATE -> Math.toIntExact(LocalDate.parse(text).toEpochDay());
      case TIME -> LocalTime.parse(text).toNanoOfDay() / 1_000;
      case TIMESTAMP -> micros(text);
      case UUID -> UUID.fromString(text);
      case BINARY, FIXED -> ByteBuffer.wrap(bytes(text));
      default -> text;
    };
  }

  private static long micros(String text) {
    int zone =
        Math.max(text.indexOf('+', 10), text.lastIndexOf('-') > 10 ? text.lastIndexOf('-') : -1);
    LocalDateTime local = LocalDateTime.parse(zone < 0 ? text : text.substring(0, zone), TIMESTAMP);
    OffsetDateTime time =
        local.atOffset(zone < 0 ? ZoneOffset.UTC : ZoneOffset.of(text.substring(zone)));
    return ChronoUnit.MICROS.between(java.time.Instant.EPOCH, time.toInstant());
  }

  /** Hexadecimal digits, or DuckDB's text of a BLOB. */
  private static byte[] bytes(String text) {
    if (!text.contains("\\x") && text.length() % 2 == 0 && text.matches("[0-9A-F]*")) {
      return HexFormat.of().parseHex(text);
    }
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && text.startsWith("\\x", i)) {
        out.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        out.writeBytes(text.substring(i, i + 1).getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return out.toByteArray();
  }
}
