package dev.polder.door.http.internal.result;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Chooses the encoder of a vector. */
final class Encoders {
  private static final Base64.Encoder BASE64 = Base64.getEncoder();

  private Encoders() {}

  static ColumnEncoder of(FieldVector vector, DuckType type) {
    if (vector.getField().getDictionary() != null) {
      throw unsupported(type);
    }
    return switch (vector) {
      case BitVector v ->
          ColumnEncoder.number(
              v,
              (out, row) -> out.writeBoolean(v.get(row) != 0),
              row -> v.get(row) != 0 ? "true" : "false");
      case TinyIntVector v -> integer(v, v::get);
      case SmallIntVector v -> integer(v, v::get);
      case IntVector v -> integer(v, v::get);
      case BigIntVector v -> integer(v, v::get);
      case UInt1Vector v -> integer(v, row -> v.get(row) & 0xFF);
      case UInt2Vector v -> integer(v, v::get);
      case UInt4Vector v -> integer(v, row -> v.get(row) & 0xFFFF_FFFFL);
      case UInt8Vector v ->
          ColumnEncoder.number(
              v,
              (out, row) -> out.writeNumber(v.getObjectNoOverflow(row)),
              row -> Long.toUnsignedString(v.get(row)));
      case Float4Vector v ->
          ColumnEncoder.number(
              v, (out, row) -> out.writeNumber(v.get(row)), row -> Float.toString(v.get(row)));
      case Float8Vector v ->
          ColumnEncoder.number(
              v, (out, row) -> out.writeNumber(v.get(row)), row -> Double.toString(v.get(row)));
      case DecimalVector v -> decimal(v, type);
      case VarCharVector v -> ColumnEncoder.text(v, row -> v.getObject(row).toString());
      case LargeVarCharVector v -> ColumnEncoder.text(v, row -> v.getObject(row).toString());
      case ViewVarCharVector v -> ColumnEncoder.text(v, row -> v.getObject(row).toString());
      case VarBinaryVector v -> binary(v, v::get, type);
      case LargeVarBinaryVector v -> binary(v, v::get, type);
      case ViewVarBinaryVector v -> binary(v, v::get, type);
      case FixedSizeBinaryVector v -> binary(v, v::get, type);
      case DateDayVector v -> ColumnEncoder.text(v, row -> TextTypes.date(v.get(row)));
      case TimeSecVector v -> ColumnEncoder.text(v, row -> TextTypes.time(v.get(row), 1));
      case TimeMilliVector v -> ColumnEncoder.text(v, row -> TextTypes.time(v.get(row), 1000));
      case TimeMicroVector v -> ColumnEncoder.text(v, row -> TextTypes.time(v.get(row), 1_000_000));
      case TimeNanoVector v ->
          ColumnEncoder.text(v, row -> TextTypes.time(v.get(row), 1_000_000_000));
      case TimeStampVector v -> timestamp(v);
      case IntervalMonthDayNanoVector v ->
          ColumnEncoder.text(
              v,
              row ->
                  TextTypes.interval(
                      IntervalMonthDayNanoVector.getMonths(v.getDataBuffer(), row),
                      IntervalMonthDayNanoVector.getDays(v.getDataBuffer(), row),
                      IntervalMonthDayNanoVector.getNanoseconds(v.getDataBuffer(), row)));
      case NullVector v -> ColumnEncoder.text(v, row -> "");
      case MapVector v -> NestedEncoders.map(v, type);
      case ListVector v -> NestedEncoders.list(v, type);
      case LargeListVector v -> NestedEncoders.list(v, type);
      case FixedSizeListVector v -> NestedEncoders.array(v, type);
      case StructVector v -> NestedEncoders.struct(v, type);
      case UnionVector v -> NestedEncoders.union(v, type);
      case ExtensionTypeVector<?> v when v.getUnderlyingVector() instanceof FieldVector storage ->
          of(storage, type);
      default -> throw unsupported(type);
    };
  }

  private interface Whole {
    long get(int row);
  }

  private interface Bytes {
    byte[] get(int row);
  }

  private static ColumnEncoder integer(FieldVector vector, Whole value) {
    return ColumnEncoder.number(
        vector,
        (out, row) -> out.writeNumber(value.get(row)),
        row -> Long.toString(value.get(row)));
  }

  private static ColumnEncoder decimal(DecimalVector v, DuckType type) {
    if (type.name().equals("UHUGEINT")) {
      // Its 128 bits come as a signed decimal.
      BigInteger modulus = BigInteger.ONE.shiftLeft(128);
      return ColumnEncoder.number(
          v,
          (out, row) -> out.writeNumber(v.getObject(row).toBigInteger().mod(modulus)),
          row -> v.getObject(row).toBigInteger().mod(modulus).toString());
    }
    return ColumnEncoder.number(
        v,
        (out, row) -> {
          BigDecimal value = v.getObject(row);
          out.writeNumber(value);
        },
        row -> v.getObject(row).toPlainString());
  }

  private static ColumnEncoder binary(FieldVector vector, Bytes bytes, DuckType type) {
    return switch (type.name()) {
      case "BIT" -> ColumnEncoder.text(vector, row -> bits(bytes.get(row)));
      case "BIGNUM" ->
          ColumnEncoder.number(
              vector,
              (out, row) -> out.writeNumber(bignum(bytes.get(row))),
              row -> bignum(bytes.get(row)).toString());
      default -> ColumnEncoder.text(vector, row -> BASE64.encodeToString(bytes.get(row)));
    };
  }

  private static ColumnEncoder timestamp(TimeStampVector v) {
    ArrowType.Timestamp type = (ArrowType.Timestamp) v.getField().getType();
    long unitsPerSecond =
        switch (type.getUnit()) {
          case SECOND -> 1L;
          case MILLISECOND -> 1000L;
          case MICROSECOND -> 1_000_000L;
          case NANOSECOND -> 1_000_000_000L;
        };
    String zone = type.getTimezone() == null ? "" : "Z";
    return ColumnEncoder.text(v, row -> TextTypes.timestamp(v.get(row), unitsPerSecond, zone));
  }

  /** DuckDB's form: the number of bits to skip, then the bits. */
  private static String bits(byte[] value) {
    int skip = value.length == 0 ? 0 : value[0];
    StringBuilder text = new StringBuilder(value.length * 8);
    for (int bit = 8 + skip; bit < value.length * 8; bit++) {
      text.append((value[bit / 8] >> (7 - bit % 8) & 1) == 0 ? '0' : '1');
    }
    return text.toString();
  }

  /** DuckDB's form: three bytes of sign and length, the magnitude; all inverted when negative. */
  private static BigInteger bignum(byte[] value) {
    boolean negative = (value[0] & 0x80) == 0;
    byte[] magnitude = new byte[value.length - 3];
    for (int i = 0; i < magnitude.length; i++) {
      magnitude[i] = (byte) (negative ? ~value[i + 3] : value[i + 3]);
    }
    return new BigInteger(negative ? -1 : 1, magnitude);
  }

  private static PolderException unsupported(DuckType type) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED,
        "values of type " + type.name() + " have no form here: cast them to VARCHAR");
  }
}
