package dev.polder.lake.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class DataFileConverterTest {
  private static final Type TEXT = Types.StringType.get();
  private static final Type BINARY = Types.BinaryType.get();

  @Test
  void aBoundThatIsCutStaysABound() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      String value = text(random, 1 + random.nextInt(40));
      DataFile file = convert(TEXT, value, value, true);
      String lower = decode(TEXT, file.lowerBounds()).toString();
      assertThat(compare(lower, value)).isLessThanOrEqualTo(0);
      if (!file.upperBounds().isEmpty()) {
        assertThat(compare(decode(TEXT, file.upperBounds()).toString(), value))
            .isGreaterThanOrEqualTo(0);
      }
    }
  }

  @Test
  void anInexactUpperBoundIsRoundedUpAboveAllItsContinuations() {
    Random random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      String prefix = text(random, 1 + random.nextInt(20));
      String value = prefix + text(random, random.nextInt(5));
      DataFile file = convert(TEXT, prefix, prefix, false);
      if (!file.upperBounds().isEmpty()) {
        assertThat(compare(decode(TEXT, file.upperBounds()).toString(), value))
            .isGreaterThanOrEqualTo(0);
      }
      assertThat(compare(decode(TEXT, file.lowerBounds()).toString(), value))
          .isLessThanOrEqualTo(0);
    }
  }

  @Test
  void textOfTheGreatestCharactersHasNoUpperBound() {
    String greatest = "\uDBFF\uDFFF".repeat(30);
    assertThat(convert(TEXT, "a", greatest, true).upperBounds()).isEmpty();
  }

  @Test
  void binaryBoundsAreCutTheSameWay() {
    byte[] low = new byte[40];
    byte[] high = new byte[40];
    java.util.Arrays.fill(high, (byte) 0xFF);
    DataFile file = convert(BINARY, low, high, true);
    assertThat(file.lowerBounds().get(1).remaining()).isEqualTo(16);
    assertThat(file.upperBounds()).isEmpty();
  }

  @Test
  void whatDoesNotFitTheColumnOrIsNoNumberIsNoBound() {
    assertThat(convert(Types.DoubleType.get(), Double.NaN, 1.0, true).lowerBounds()).isEmpty();
    assertThat(convert(Types.IntegerType.get(), 1L << 40, 1L << 40, true).upperBounds()).isEmpty();
    assertThat(convert(Types.DecimalType.of(4, 1), new BigDecimal("1.25"), 2, true).lowerBounds())
        .isEmpty();
    assertThat(convert(Types.LongType.get(), 1L, 2L, false).upperBounds()).isEmpty();
  }

  private static DataFile convert(Type type, Object lower, Object upper, boolean exact) {
    Schema schema = new Schema(Types.NestedField.optional(1, "c", type));
    TableMetadata table =
        TableMetadata.newTableMetadata(
            schema, PartitionSpec.unpartitioned(), SortOrder.unsorted(), "/t", Map.of());
    ColumnMetrics column = new ColumnMetrics(1, 10, 2, 0, 0, lower, upper, exact, exact);
    return new DataFileConverter(table)
        .convert(
            new DataFileSpec("/t/data/f", 2, 100, List.of(), List.of(column), List.of(), 0, 0));
  }

  private static Object decode(Type type, Map<Integer, ByteBuffer> bounds) {
    return Conversions.fromByteBuffer(type, bounds.get(1));
  }

  private static int compare(String left, String right) {
    return java.util.Arrays.compareUnsigned(
        left.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        right.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static String text(Random random, int points) {
    int[] alphabet = {'a', 'b', 0xE9, 0xD7FF, 0xE000, 0xFFFF, 0x1F600, 0x10FFFF};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < points; i++) {
      text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }
}
