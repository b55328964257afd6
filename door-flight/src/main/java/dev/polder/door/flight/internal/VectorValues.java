package dev.polder.door.flight.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
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
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.jspecify.annotations.Nullable;

/** Reads single values out of Arrow vectors, as the objects that a session takes as parameters. */
final class VectorValues {
  private final @Nullable DictionaryProvider dictionaries;

  VectorValues(@Nullable DictionaryProvider dictionaries) {
    this.dictionaries = dictionaries;
  }

  @Nullable Object read(ValueVector vector, int row) {
    if (vector instanceof NullVector || vector.isNull(row)) {
      return null;
    }
    DictionaryEncoding encoding = vector.getField().getDictionary();
    if (encoding != null) {
      return decoded(encoding, vector, row);
    }
    return switch (vector) {
      case BitVector v -> v.get(row) == 1;
      case TinyIntVector v -> v.get(row);
      case SmallIntVector v -> v.get(row);
      case IntVector v -> v.get(row);
      case BigIntVector v -> v.get(row);
      case UInt1Vector v -> (short) (v.get(row) & 0xFF);
      case UInt2Vector v -> (int) v.get(row);
      case UInt4Vector v -> v.get(row) & 0xFFFF_FFFFL;
      case UInt8Vector v -> unsigned(v.get(row));
      case Float2Vector v -> v.getValueAsFloat(row);
      case Float4Vector v -> v.get(row);
      case Float8Vector v -> v.get(row);
      case DecimalVector v -> v.getObject(row);
      case Decimal256Vector v -> v.getObject(row);
      case VarCharVector v -> text(v.get(row));
      case LargeVarCharVector v -> text(v.get(row));
      case ViewVarCharVector v -> text(v.get(row));
      case VarBinaryVector v -> v.get(row);
      case LargeVarBinaryVector v -> v.get(row);
      case ViewVarBinaryVector v -> v.get(row);
      case FixedSizeBinaryVector v -> fixed(v, row);
      case DateDayVector v -> LocalDate.ofEpochDay(v.get(row));
      case DateMilliVector v -> LocalDate.ofEpochDay(Math.floorDiv(v.get(row), 86_400_000L));
      case TimeSecVector v -> LocalTime.ofSecondOfDay(v.get(row));
      case TimeMilliVector v -> LocalTime.ofNanoOfDay(v.get(row) * 1_000_000L);
      case TimeMicroVector v -> LocalTime.ofNanoOfDay(v.get(row) * 1_000L);
      case TimeNanoVector v -> LocalTime.ofNanoOfDay(v.get(row));
      case TimeStampVector v -> timestamp(v, row);
      case ListVector v ->
          list(v.getDataVector(), v.getElementStartIndex(row), v.getElementEndIndex(row));
      case LargeListVector v ->
          list(v.getDataVector(), v.getElementStartIndex(row), v.getElementEndIndex(row));
      case FixedSizeListVector v ->
          list(v.getDataVector(), v.getElementStartIndex(row), v.getElementEndIndex(row));
      case DenseUnionVector v -> read(v.getVectorByType(v.getTypeId(row)), v.getOffset(row));
      case UnionVector v -> read(v.getVector(row), row);
      case ExtensionTypeVector<?> v -> extension(v, row);
      default -> throw refused(vector);
    };
  }

  private @Nullable Object decoded(DictionaryEncoding encoding, ValueVector vector, int row) {
    Dictionary dictionary = dictionaries == null ? null : dictionaries.lookup(encoding.getId());
    if (dictionary == null || !(vector instanceof BaseIntVector indices)) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the parameter '" + vector.getName() + "' names a dictionary that was not sent");
    }
    long index = indices.getValueAsLong(row);
    if (index < 0 || index >= dictionary.getVector().getValueCount()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the parameter '" + vector.getName() + "' points outside of its dictionary");
    }
    return read(dictionary.getVector(), (int) index);
  }

  private List<@Nullable Object> list(FieldVector data, long from, long to) {
    if (from < 0 || to < from || to > data.getValueCount()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "a list among the parameters has broken offsets");
    }
    List<@Nullable Object> values = new ArrayList<>((int) (to - from));
    for (long i = from; i < to; i++) {
      values.add(read(data, (int) i));
    }
    return values;
  }

  private @Nullable Object extension(ExtensionTypeVector<?> vector, int row) {
    return vector.getObject(row) instanceof UUID uuid
        ? uuid
        : read(vector.getUnderlyingVector(), row);
  }

  private static Object fixed(FixedSizeBinaryVector vector, int row) {
    byte[] bytes = vector.get(row);
    String extension =
        vector
            .getField()
            .getMetadata()
            .getOrDefault(ArrowType.ExtensionType.EXTENSION_METADATA_KEY_NAME, "");
    if (bytes.length == 16 && extension.equals("arrow.uuid")) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new UUID(buffer.getLong(), buffer.getLong());
    }
    return bytes;
  }

  private static Object timestamp(TimeStampVector vector, int row) {
    ArrowType.Timestamp type = (ArrowType.Timestamp) vector.getField().getType();
    Instant instant = instant(type.getUnit(), vector.get(row));
    return type.getTimezone() == null
        ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
        : OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static Instant instant(TimeUnit unit, long value) {
    return switch (unit) {
      case SECOND -> Instant.ofEpochSecond(value);
      case MILLISECOND -> Instant.ofEpochMilli(value);
      case MICROSECOND ->
          Instant.ofEpochSecond(
              Math.floorDiv(value, 1_000_000L), Math.floorMod(value, 1_000_000L) * 1_000L);
      case NANOSECOND ->
          Instant.ofEpochSecond(
              Math.floorDiv(value, 1_000_000_000L), Math.floorMod(value, 1_000_000_000L));
    };
  }

  private static Object unsigned(long bits) {
    return bits >= 0
        ? (Object) bits
        : new BigInteger(1, ByteBuffer.allocate(Long.BYTES).putLong(bits).array());
  }

  private static String text(byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new PolderException(
          ErrorCode.INVALID_TEXT,
          "a text among the parameters is not valid UTF-8: "
              + Arrays.toString(Arrays.copyOf(utf8, Math.min(utf8.length, 16))),
          e);
    }
  }

  private static PolderException refused(ValueVector vector) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED,
        "parameters of Arrow's type "
            + vector.getField().getType()
            + " are not supported; send a text and cast it in the statement");
  }
}
