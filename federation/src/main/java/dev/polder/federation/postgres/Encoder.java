package dev.polder.federation.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Writes the values of one vector in the binary form of a type of PostgreSQL. Not thread-safe. */
interface Encoder {
  /** Writes a value that is there, without its length. */
  void write(CopyBuffer out, int row);

  /**
   * The encoder of values of a vector for a column.
   *
   * @param nativeType without a modifier
   * @return empty where the type's binary form is its own business, or the vector is none for it
   */
  static Optional<Encoder> of(String nativeType, FieldVector vector) {
    return switch (nativeType) {
      case "boolean" ->
          vector instanceof BitVector bits
              ? Optional.of((out, row) -> out.putByte(bits.get(row)))
              : Optional.empty();
      case "smallint" ->
          vector instanceof BaseIntVector ints
              ? Optional.of((out, row) -> out.putShort(Math.toIntExact(ints.getValueAsLong(row))))
              : Optional.empty();
      case "integer" ->
          vector instanceof BaseIntVector ints
              ? Optional.of((out, row) -> out.putInt(Math.toIntExact(ints.getValueAsLong(row))))
              : Optional.empty();
      case "bigint" ->
          vector instanceof BaseIntVector ints
              ? Optional.of((out, row) -> out.putLong(ints.getValueAsLong(row)))
              : Optional.empty();
      case "real" ->
          vector instanceof FloatingPointVector floats
              ? Optional.of((out, row) ->
                  out.putInt(Float.floatToIntBits((float) floats.getValueAsDouble(row))))
              : Optional.empty();
      case "double precision" ->
          vector instanceof FloatingPointVector floats
              ? Optional.of(
                  (out, row) -> out.putLong(Double.doubleToLongBits(floats.getValueAsDouble(row))))
              : Optional.empty();
      case "numeric" -> numeric(vector);
      case "text", "character varying", "character", "json" -> text(vector);
      case "jsonb" ->
          text(vector)
              .map(text ->
                  (out, row) -> {
                    out.putByte(1);
                    text.write(out, row);
                  });
      case "bytea" -> bytes(vector);
      case "date" ->
          vector instanceof DateDayVector dates
              ? Optional.of((out, row) -> out.putInt(date(dates.get(row))))
              : Optional.empty();
      case "time without time zone" ->
          vector instanceof TimeMicroVector times
              ? Optional.of((out, row) -> out.putLong(times.get(row)))
              : Optional.empty();
      case "timestamp without time zone", "timestamp with time zone" ->
          vector instanceof TimeStampVector moments && micros(vector)
              ? Optional.of((out, row) -> out.putLong(timestamp(moments.get(row))))
              : Optional.empty();
      case "interval" ->
          vector instanceof IntervalMonthDayNanoVector intervals
              ? Optional.of((out, row) -> interval(intervals, out, row))
              : Optional.empty();
      case "uuid" -> uuid(vector);
      default ->
          nativeType.endsWith("[]") && vector instanceof ListVector list
              ? array(nativeType.substring(0, nativeType.length() - 2), list)
              : Optional.empty();
    };
  }

  private static boolean micros(FieldVector vector) {
    return vector.getField().getType() instanceof ArrowType.Timestamp type
        && type.getUnit() == TimeUnit.MICROSECOND;
  }

  private static Optional<Encoder> text(FieldVector vector) {
    return switch (vector) {
      case VarCharVector text -> Optional.of((out, row) -> out.put(text.get(row)));
      case LargeVarCharVector text -> Optional.of((out, row) -> out.put(text.get(row)));
      case VariableWidthFieldVector text
          when vector.getField().getType() instanceof ArrowType.Utf8View ->
          Optional.of((out, row) ->
              out.put(String.valueOf(text.getObject(row)).getBytes(StandardCharsets.UTF_8)));
      default -> Optional.empty();
    };
  }

  private static Optional<Encoder> bytes(FieldVector vector) {
    return switch (vector) {
      case VarBinaryVector bytes -> Optional.of((out, row) -> out.put(bytes.get(row)));
      case LargeVarBinaryVector bytes -> Optional.of((out, row) -> out.put(bytes.get(row)));
      default -> Optional.empty();
    };
  }

  private static Optional<Encoder> numeric(FieldVector vector) {
    return switch (vector) {
      case DecimalVector decimals ->
          Optional.of((out, row) -> NumericEncoder.write(decimals.getObject(row), out));
      case BaseIntVector ints ->
          Optional.of((out, row) ->
              NumericEncoder.write(java.math.BigDecimal.valueOf(ints.getValueAsLong(row)), out));
      case FloatingPointVector floats ->
          Optional.of((out, row) -> NumericEncoder.write(floats.getValueAsDouble(row), out));
      case VarCharVector text ->
          Optional.of((out, row) ->
              NumericEncoder.write(
                  new java.math.BigDecimal(new String(text.get(row), StandardCharsets.UTF_8)),
                  out));
      default -> Optional.empty();
    };
  }

  private static Optional<Encoder> uuid(FieldVector vector) {
    return switch (vector) {
      case VarCharVector text ->
          Optional.of((out, row) -> {
            UUID id = UUID.fromString(new String(text.get(row), StandardCharsets.ISO_8859_1));
            out.putLong(id.getMostSignificantBits());
            out.putLong(id.getLeastSignificantBits());
          });
      case FixedSizeBinaryVector bytes -> Optional.of((out, row) -> out.put(bytes.get(row)));
      default -> Optional.empty();
    };
  }

  private static int date(int days) {
    return switch (days) {
      case Integer.MAX_VALUE -> Integer.MAX_VALUE;
      case -Integer.MAX_VALUE -> Integer.MIN_VALUE;
      default -> Math.subtractExact(days, Decoder.EPOCH_DAYS);
    };
  }

  private static long timestamp(long micros) {
    if (micros == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    return micros == -Long.MAX_VALUE
        ? Long.MIN_VALUE
        : Math.subtractExact(micros, Decoder.EPOCH_MICROS);
  }

  private static void interval(IntervalMonthDayNanoVector intervals, CopyBuffer out, int row) {
    org.apache.arrow.memory.ArrowBuf data = intervals.getDataBuffer();
    out.putLong(IntervalMonthDayNanoVector.getNanoseconds(data, row) / 1_000);
    out.putInt(IntervalMonthDayNanoVector.getDays(data, row));
    out.putInt(IntervalMonthDayNanoVector.getMonths(data, row));
  }

  private static Optional<Encoder> array(String element, ListVector list) {
    FieldVector values = list.getDataVector();
    return oid(element)
        .flatMap(oid ->
            of(element, values)
                .map(encoder ->
                    (out, row) -> {
                      int from = list.getElementStartIndex(row);
                      int to = list.getElementEndIndex(row);
                      out.putInt(from == to ? 0 : 1);
                      int nulls = 0;
                      for (int i = from; i < to; i++) {
                        nulls |= values.isNull(i) ? 1 : 0;
                      }
                      out.putInt(nulls);
                      out.putInt(oid);
                      if (from < to) {
                        out.putInt(to - from);
                        out.putInt(1);
                      }
                      for (int i = from; i < to; i++) {
                        value(encoder, values, out, i);
                      }
                    }));
  }

  /** A value of a vector with its length before it. */
  static void value(Encoder encoder, FieldVector vector, CopyBuffer out, int row) {
    if (vector.isNull(row)) {
      out.putInt(-1);
      return;
    }
    int mark = out.mark();
    encoder.write(out, row);
    out.lengthSince(mark);
  }

  private static Optional<Integer> oid(String nativeType) {
    return Optional.ofNullable(
        switch (nativeType) {
          case "boolean" -> 16;
          case "bytea" -> 17;
          case "bigint" -> 20;
          case "smallint" -> 21;
          case "integer" -> 23;
          case "text" -> 25;
          case "json" -> 114;
          case "real" -> 700;
          case "double precision" -> 701;
          case "character" -> 1042;
          case "character varying" -> 1043;
          case "date" -> 1082;
          case "time without time zone" -> 1083;
          case "timestamp without time zone" -> 1114;
          case "timestamp with time zone" -> 1184;
          case "interval" -> 1186;
          case "numeric" -> 1700;
          case "uuid" -> 2950;
          case "jsonb" -> 3802;
          default -> null;
        });
  }
}
