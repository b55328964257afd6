package dev.polder.sql.bind;

import dev.polder.lake.type.IcebergTypes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Values in Iceberg's internal form as DuckDB's SQL. Stateless. */
public final class Literals {
  private Literals() {}

  /** An expression of the type. */
  public static String sql(@Nullable Object value, Type type) {
    return value == null
        ? "CAST(NULL AS " + IcebergTypes.toDuck(type) + ")"
        : "CAST(" + SqlNames.literal(text(value, type)) + " AS " + IcebergTypes.toDuck(type) + ")";
  }

  /** The text that casts to the value. */
  static String text(Object value, Type type) {
    return switch (type.typeId()) {
      case DATE -> LocalDate.ofEpochDay(((Number) value).longValue()).toString();
      case TIME -> LocalTime.ofNanoOfDay(((Number) value).longValue() * 1_000).toString();
      case TIMESTAMP ->
          timestamp(
              Instant.EPOCH.plus(((Number) value).longValue(), ChronoUnit.MICROS),
              ((Types.TimestampType) type).shouldAdjustToUTC());
      case TIMESTAMP_NANO ->
          timestamp(Instant.EPOCH.plusNanos(((Number) value).longValue()), false);
      case BINARY, FIXED -> blob((ByteBuffer) value);
      default -> value.toString();
    };
  }

  private static String timestamp(Instant instant, boolean zoned) {
    String text = instant.toString();
    return zoned ? text : text.substring(0, text.length() - 1);
  }

  private static String blob(ByteBuffer bytes) {
    ByteBuffer copy = bytes.duplicate();
    byte[] content = new byte[copy.remaining()];
    copy.get(content);
    StringBuilder text = new StringBuilder();
    for (byte b : content) {
      text.append("\\x").append(HexFormat.of().withUpperCase().toHexDigits(b));
    }
    return text.toString();
  }
}
