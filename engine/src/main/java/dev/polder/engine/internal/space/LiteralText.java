package dev.polder.engine.internal.space;

import dev.polder.sql.statement.Identifiers;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Default values as SQL literals that mean the same when they are read again. Stateless. */
public final class LiteralText {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(java.util.Locale.ROOT);

  private LiteralText() {}

  /**
   * The literal of a column's default.
   *
   * @param value in Iceberg's internal form: days, microseconds …
   */
  public static String of(Type type, Object value) {
    return switch (type.typeId()) {
      case BOOLEAN, INTEGER, LONG, FLOAT, DOUBLE -> number(value);
      case DECIMAL -> ((java.math.BigDecimal) value).toPlainString();
      case DATE -> "DATE '" + LocalDate.ofEpochDay(((Number) value).longValue()) + "'";
      case TIME ->
          "TIME '" + TIME.format(LocalTime.ofNanoOfDay(((Number) value).longValue() * 1_000)) + "'";
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? "TIMESTAMPTZ '" + moment(value, ChronoUnit.MICROS) + "+00'"
              : "TIMESTAMP '" + moment(value, ChronoUnit.MICROS) + "'";
      case TIMESTAMP_NANO -> "TIMESTAMP_NS '" + moment(value, ChronoUnit.NANOS) + "'";
      case BINARY, FIXED -> bytes((ByteBuffer) value);
      case STRING, UUID -> Identifiers.literal(value.toString());
      case STRUCT, LIST, MAP, VARIANT, GEOMETRY, GEOGRAPHY, UNKNOWN ->
          Identifiers.literal(value.toString());
    };
  }

  private static String number(Object value) {
    String text = value.toString();
    boolean finite = !text.equals("NaN") && !text.endsWith("Infinity");
    return finite ? text : "'" + text + "'";
  }

  private static String moment(Object value, ChronoUnit unit) {
    Instant instant = Instant.EPOCH.plus(((Number) value).longValue(), unit);
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    return time.toLocalDate() + " " + TIME.format(time);
  }

  private static String bytes(ByteBuffer value) {
    StringBuilder text = new StringBuilder("'");
    ByteBuffer content = value.duplicate();
    while (content.hasRemaining()) {
      text.append(String.format(java.util.Locale.ROOT, "\\x%02X", content.get()));
    }
    return text.append("'::BLOB").toString();
  }
}
