package dev.polder.lake.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Java objects in the form that Iceberg holds values of a type in: days, microseconds, scaled
 * decimals. A conversion is exact or does not happen.
 */
public final class InternalValues {
  private InternalValues() {}

  /** Empty when the value is not exactly a value of the type. */
  public static Optional<Object> of(Type type, Object value) {
    return switch (type.typeId()) {
      case BOOLEAN -> value instanceof Boolean ? Optional.of(value) : Optional.empty();
      case INTEGER -> whole(value, 31).map(BigInteger::intValueExact);
      case LONG -> whole(value, 63).map(BigInteger::longValueExact);
      case FLOAT ->
          real(value).filter(d -> (double) (float) (double) d == d).map(Double::floatValue);
      case DOUBLE -> real(value).map(d -> d);
      case DECIMAL -> decimal((Types.DecimalType) type, value);
      case DATE ->
          value instanceof LocalDate date
              ? whole(date.toEpochDay(), 31).map(BigInteger::intValueExact)
              : whole(value, 31).map(BigInteger::intValueExact);
      case TIME ->
          value instanceof LocalTime time
              ? exact(time.toNanoOfDay())
              : whole(value, 63).map(BigInteger::longValueExact);
      case TIMESTAMP -> micros(value);
      case TIMESTAMP_NANO -> nanos(value);
      case STRING ->
          value instanceof CharSequence ? Optional.of(value.toString()) : Optional.empty();
      case UUID -> value instanceof UUID ? Optional.of(value) : Optional.empty();
      case FIXED, BINARY ->
          switch (value) {
            case byte[] bytes -> Optional.of(ByteBuffer.wrap(bytes));
            case ByteBuffer buffer -> Optional.of(buffer);
            default -> Optional.empty();
          };
      case STRUCT, LIST, MAP, VARIANT, UNKNOWN, GEOMETRY, GEOGRAPHY -> Optional.empty();
    };
  }

  private static Optional<Object> exact(long nanos) {
    return nanos % 1000 == 0 ? Optional.of(nanos / 1000) : Optional.empty();
  }

  private static Optional<Object> micros(Object value) {
    Optional<Instant> instant = instant(value);
    if (instant.isEmpty()) {
      return whole(value, 63).map(BigInteger::longValueExact);
    }
    if (instant.get().truncatedTo(ChronoUnit.MICROS).isBefore(instant.get())) {
      return Optional.empty();
    }
    try {
      return Optional.of(ChronoUnit.MICROS.between(Instant.EPOCH, instant.get()));
    } catch (ArithmeticException beyondRange) {
      return Optional.empty();
    }
  }

  private static Optional<Object> nanos(Object value) {
    Optional<Instant> instant = instant(value);
    if (instant.isEmpty()) {
      return whole(value, 63).map(BigInteger::longValueExact);
    }
    try {
      return Optional.of(ChronoUnit.NANOS.between(Instant.EPOCH, instant.get()));
    } catch (ArithmeticException beyondRange) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> instant(Object value) {
    return switch (value) {
      case Instant instant -> Optional.of(instant);
      case LocalDateTime time -> Optional.of(time.toInstant(ZoneOffset.UTC));
      case OffsetDateTime time -> Optional.of(time.toInstant());
      default -> Optional.empty();
    };
  }

  private static Optional<BigInteger> whole(Object value, int bits) {
    Optional<BigInteger> whole =
        switch (value) {
          case Byte n -> Optional.of(BigInteger.valueOf(n));
          case Short n -> Optional.of(BigInteger.valueOf(n));
          case Integer n -> Optional.of(BigInteger.valueOf(n));
          case Long n -> Optional.of(BigInteger.valueOf(n));
          case BigInteger n -> Optional.of(n);
          case BigDecimal n when n.stripTrailingZeros().scale() <= 0 && n.precision() < 100 ->
              Optional.of(n.toBigInteger());
          default -> Optional.empty();
        };
    return whole.filter(n -> n.bitLength() <= bits);
  }

  private static Optional<Double> real(Object value) {
    return switch (value) {
      case Float f -> Optional.of((double) f);
      case Double d -> Optional.of(d);
      case BigDecimal n -> sameDouble(n);
      default -> whole(value, 63).flatMap(n -> sameDouble(new BigDecimal(n)));
    };
  }

  private static Optional<Double> sameDouble(BigDecimal n) {
    double d = n.doubleValue();
    return !Double.isInfinite(d) && new BigDecimal(d).compareTo(n) == 0
        ? Optional.of(d)
        : Optional.empty();
  }

  private static Optional<Object> decimal(Types.DecimalType type, Object value) {
    BigDecimal number =
        value instanceof BigDecimal n ? n : whole(value, 127).map(BigDecimal::new).orElse(null);
    if (number == null) {
      return Optional.empty();
    }
    try {
      BigDecimal scaled = number.setScale(type.scale(), RoundingMode.UNNECESSARY);
      return scaled.precision() <= type.precision() ? Optional.of(scaled) : Optional.empty();
    } catch (ArithmeticException inexact) {
      return Optional.empty();
    }
  }
}
