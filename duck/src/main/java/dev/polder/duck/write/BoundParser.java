package dev.polder.duck.write;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the text of a bound by the column's type. What it cannot read for sure has no bound. */
final class BoundParser {
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .toFormatter(Locale.ROOT);
  private static final DateTimeFormatter TIMESTAMP_TZ =
      new DateTimeFormatterBuilder()
          .append(TIMESTAMP)
          .appendOffset("+HH:mm", "+00")
          .toFormatter(Locale.ROOT);

  private BoundParser() {}

  static @Nullable Object parse(String duckType, String text, boolean upper) {
    String type = duckType.toUpperCase(Locale.ROOT);
    try {
      if (type.startsWith("DECIMAL")) {
        int scale =
            Integer.parseInt(type.substring(type.indexOf(',') + 1, type.length() - 1).strip());
        return new BigDecimal(text).setScale(scale, RoundingMode.UNNECESSARY);
      }
      return switch (type) {
        case "BOOLEAN" -> text.equals("1") || text.equals("true");
        case "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT" -> Integer.valueOf(text);
        case "BIGINT", "UINTEGER" -> Long.valueOf(text);
        case "HUGEINT", "UBIGINT" -> new BigInteger(text);
        case "FLOAT" -> zero(Float.parseFloat(text), upper);
        case "DOUBLE" -> zero(Double.parseDouble(text), upper);
        case "DATE" -> LocalDate.parse(text);
        case "TIME" -> LocalTime.parse(text);
        case "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S" ->
            LocalDateTime.parse(text, TIMESTAMP);
        case "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ" -> OffsetDateTime.parse(text, TIMESTAMP_TZ);
        case "UUID" -> UUID.fromString(text);
        case "VARCHAR" -> text;
        case "BLOB" -> ByteBuffer.wrap(HexFormat.of().parseHex(text));
        default -> null;
      };
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      // Years before 1 or past 9999 and infinities: a missing bound is always right.
      return null;
    }
  }

  /**
   * Writers and readers disagree about the order of −0 and +0, so a bound of zero takes in both.
   */
  private static @Nullable Object zero(float bound, boolean upper) {
    if (Float.isNaN(bound)) {
      return null;
    }
    return bound == 0 ? (upper ? 0.0f : -0.0f) : bound;
  }

  private static @Nullable Object zero(double bound, boolean upper) {
    if (Double.isNaN(bound)) {
      return null;
    }
    return bound == 0 ? (upper ? 0.0 : -0.0) : bound;
  }
}
