package dev.polder.federation.jdbc;

import dev.polder.federation.jdbc.JdbcValues.InvalidValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** Copies one column of a driver's rows into a vector. For one thread at a time. */
@FunctionalInterface
interface Cell {
  /** Copies the current row's value; about how many bytes that took. */
  int copy(ResultSet rows, int row) throws SQLException, InvalidValue;

  /**
   * The cell for a vector, which decides what is asked of the driver.
   *
   * @param at the column's place in the result, from 1
   */
  static Cell of(FieldVector vector, int at, JdbcValues values) {
    return switch (vector) {
      case BitVector bits ->
          fixed(
              bits,
              (rows, row) -> {
                Boolean value = values.truth(rows, at);
                if (value != null) {
                  bits.setSafe(row, value ? 1 : 0);
                }
                return value;
              });
      case TinyIntVector ints ->
          integer(ints, at, values, -128, 127, (row, value) -> ints.setSafe(row, (byte) value));
      case SmallIntVector ints ->
          integer(
              ints, at, values, -32_768, 32_767, (row, value) -> ints.setSafe(row, (short) value));
      case IntVector ints ->
          integer(
              ints,
              at,
              values,
              Integer.MIN_VALUE,
              Integer.MAX_VALUE,
              (row, value) -> ints.setSafe(row, (int) value));
      case BigIntVector ints ->
          integer(ints, at, values, Long.MIN_VALUE, Long.MAX_VALUE, ints::setSafe);
      case UInt1Vector ints ->
          integer(ints, at, values, 0, 255, (row, value) -> ints.setSafe(row, (byte) value));
      case UInt2Vector ints ->
          integer(ints, at, values, 0, 65_535, (row, value) -> ints.setSafe(row, (char) value));
      case UInt4Vector ints ->
          integer(
              ints, at, values, 0, 4_294_967_295L, (row, value) -> ints.setSafe(row, (int) value));
      case UInt8Vector ints ->
          fixed(
              ints,
              (rows, row) -> {
                BigDecimal value = values.decimal(rows, at);
                if (value != null) {
                  ints.setSafe(row, unsigned(value));
                }
                return value;
              });
      case Float4Vector floats ->
          fixed(
              floats,
              (rows, row) -> {
                Double value = values.floating(rows, at);
                if (value != null) {
                  floats.setSafe(row, value.floatValue());
                }
                return value;
              });
      case Float8Vector floats ->
          fixed(
              floats,
              (rows, row) -> {
                Double value = values.floating(rows, at);
                if (value != null) {
                  floats.setSafe(row, value);
                }
                return value;
              });
      case DecimalVector decimals ->
          fixed(
              decimals,
              (rows, row) -> {
                BigDecimal value = values.decimal(rows, at);
                if (value != null) {
                  decimals.setSafe(
                      row, scaled(value, decimals.getPrecision(), decimals.getScale()));
                }
                return value;
              });
      case DateDayVector days ->
          fixed(
              days,
              (rows, row) -> {
                var value = values.date(rows, at);
                if (value != null) {
                  days.setSafe(row, Math.toIntExact(value.toEpochDay()));
                }
                return value;
              });
      case TimeMicroVector times ->
          fixed(
              times,
              (rows, row) -> {
                var value = values.time(rows, at);
                if (value != null) {
                  times.setSafe(row, micros(value));
                }
                return value;
              });
      case TimeStampMicroVector times ->
          fixed(
              times,
              (rows, row) -> {
                LocalDateTime value = values.timestamp(rows, at);
                if (value != null) {
                  times.setSafe(row, micros(value.toInstant(ZoneOffset.UTC)));
                }
                return value;
              });
      case TimeStampMicroTZVector times ->
          fixed(
              times,
              (rows, row) -> {
                Instant value = values.instant(rows, at);
                if (value != null) {
                  times.setSafe(row, micros(value));
                }
                return value;
              });
      case VarCharVector texts ->
          (rows, row) -> {
            String value = values.text(rows, at);
            if (value == null) {
              texts.setNull(row);
              return 0;
            }
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            texts.setSafe(row, bytes);
            return bytes.length;
          };
      case VarBinaryVector blobs ->
          (rows, row) -> {
            byte[] value = values.bytes(rows, at);
            if (value == null) {
              blobs.setNull(row);
              return 0;
            }
            blobs.setSafe(row, value);
            return value.length;
          };
      default -> throw new IllegalArgumentException("JDBC gives no " + vector.getField().getType());
    };
  }

  /** Sets a vector's element unless the value is NULL, and gives the value. */
  interface Setter {
    @Nullable Object set(ResultSet rows, int row) throws SQLException, InvalidValue;
  }

  interface LongSetter {
    void set(int row, long value);
  }

  private static Cell fixed(BaseFixedWidthVector vector, Setter setter) {
    return (rows, row) -> {
      if (setter.set(rows, row) == null) {
        if (row >= vector.getValueCapacity()) {
          vector.reAlloc();
        }
        vector.setNull(row);
      }
      return 8;
    };
  }

  private static Cell integer(
      BaseFixedWidthVector vector,
      int at,
      JdbcValues values,
      long least,
      long most,
      LongSetter setter) {
    return fixed(
        vector,
        (rows, row) -> {
          Long value = values.integer(rows, at);
          if (value != null) {
            if (value < least || value > most) {
              throw new InvalidValue(value + " is out of its range");
            }
            setter.set(row, value);
          }
          return value;
        });
  }

  private static long unsigned(BigDecimal value) throws InvalidValue {
    try {
      BigInteger whole = value.toBigIntegerExact();
      if (whole.signum() >= 0 && whole.bitLength() <= 64) {
        return whole.longValue();
      }
    } catch (ArithmeticException e) {
      throw new InvalidValue(value + " is no whole number", e);
    }
    throw new InvalidValue(value + " is out of its range");
  }

  private static BigDecimal scaled(BigDecimal value, int precision, int scale) throws InvalidValue {
    BigDecimal scaled;
    try {
      scaled = value.setScale(scale);
    } catch (ArithmeticException e) {
      throw new InvalidValue(value.toPlainString() + " has more than " + scale + " decimals", e);
    }
    if (scaled.precision() > precision) {
      throw new InvalidValue(value.toPlainString() + " has more than " + precision + " digits");
    }
    return scaled;
  }

  private static long micros(LocalTime time) throws InvalidValue {
    long nanos = time.toNanoOfDay();
    if (nanos % 1_000 != 0) {
      throw new InvalidValue(time + " has more than six digits of a second");
    }
    return nanos / 1_000;
  }

  private static long micros(Instant instant) throws InvalidValue {
    if (instant.getNano() % 1_000 != 0) {
      throw new InvalidValue(instant + " has more than six digits of a second");
    }
    try {
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    } catch (ArithmeticException e) {
      throw new InvalidValue(instant + " is out of its range", e);
    }
  }
}
