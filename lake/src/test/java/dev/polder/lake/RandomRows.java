package dev.polder.lake;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.filter.LakeFilter.Column;
import dev.polder.lake.filter.LakeFilter.Operator;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** Rows, partition specs and filters that meet each other often, at the edges of their types. */
final class RandomRows {
  static final Schema SCHEMA =
      new Schema(
          Types.NestedField.optional(1, "i", Types.IntegerType.get()),
          Types.NestedField.optional(2, "l", Types.LongType.get()),
          Types.NestedField.optional(3, "f", Types.FloatType.get()),
          Types.NestedField.optional(4, "d", Types.DoubleType.get()),
          Types.NestedField.optional(5, "n", Types.DecimalType.of(9, 2)),
          Types.NestedField.optional(6, "s", Types.StringType.get()),
          Types.NestedField.optional(7, "t", Types.TimestampType.withoutZone()),
          Types.NestedField.optional(8, "day", Types.DateType.get()),
          Types.NestedField.optional(9, "b", Types.BooleanType.get()));

  private static final List<Operator> OPERATORS = List.of(Operator.values());
  private static final String LONG = "a prefix that is longer than bounds are ";
  private static final List<List<Object>> VALUES =
      List.of(
          List.of(Integer.MIN_VALUE, -2, -1, 0, 1, 2, 7, Integer.MAX_VALUE),
          List.of(Long.MIN_VALUE, -10L, -1L, 0L, 1L, 10L, Long.MAX_VALUE),
          List.of(Float.NaN, -0.0f, 0.0f, 1.5f, -1.5f, Float.POSITIVE_INFINITY),
          List.of(Double.NaN, -0.0, 0.0, 2.5, -2.5, Double.NEGATIVE_INFINITY),
          List.of(
              new BigDecimal("-1.50"),
              new BigDecimal("0.00"),
              new BigDecimal("0.01"),
              new BigDecimal("9999999.99")),
          List.of("", "a", "ab", "b", "\uD83D\uDE00", LONG, LONG + "1", LONG + "2", "\uFFFF"),
          List.of(
              LocalDateTime.parse("1969-12-31T23:59:59.999999"),
              LocalDateTime.parse("1970-01-01T00:00:00"),
              LocalDateTime.parse("2024-02-29T12:00:00"),
              LocalDateTime.parse("2024-02-29T12:00:00.000001"),
              LocalDateTime.parse("2025-01-01T00:00:00")),
          List.of(
              LocalDate.parse("0001-01-01"),
              LocalDate.parse("1969-12-31"),
              LocalDate.parse("1970-01-01"),
              LocalDate.parse("2024-02-29")),
          List.of(true, false));

  private final Random random;

  RandomRows(Random random) {
    this.random = random;
  }

  /** Values of one file lie close together, so that files differ. */
  Object[] row() {
    Object[] row = new Object[VALUES.size()];
    for (int column = 0; column < row.length; column++) {
      row[column] = random.nextInt(5) == 0 ? null : value(column);
    }
    return row;
  }

  PartitionSpec spec() {
    PartitionSpec.Builder spec = PartitionSpec.builderFor(SCHEMA);
    return switch (random.nextInt(10)) {
      case 0 -> spec.identity("i").build();
      case 1 -> spec.bucket("s", 3).build();
      case 2 -> spec.truncate("s", 2).identity("b").build();
      case 3 -> spec.day("t").build();
      case 4 -> spec.month("day").bucket("l", 2).build();
      case 5 -> spec.truncate("l", 10).year("t").build();
      case 6 -> spec.hour("t").build();
      case 7 -> spec.truncate("n", 50).build();
      default -> spec.build();
    };
  }

  LakeFilter filter(int depth) {
    if (depth > 0 && random.nextBoolean()) {
      List<LakeFilter> operands = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        operands.add(filter(depth - 1));
      }
      return switch (random.nextInt(3)) {
        case 0 -> new LakeFilter.Or(operands);
        case 1 -> new LakeFilter.Not(operands.getFirst());
        default -> new LakeFilter.And(operands);
      };
    }
    int index = random.nextInt(VALUES.size());
    Column column = Column.of(SCHEMA.columns().get(index).name());
    return switch (random.nextInt(8)) {
      case 0 -> new LakeFilter.IsNull(column);
      case 1 -> new LakeFilter.NotNull(column);
      case 2 -> new LakeFilter.In(column, List.of(value(index), value(index)));
      case 3 ->
          new LakeFilter.StartsWith(
              Column.of("s"), List.of("a", "ab", "", LONG, "\uD83D\uDE00").get(random.nextInt(5)));
      default ->
          new LakeFilter.Comparison(
              column, OPERATORS.get(random.nextInt(OPERATORS.size())), value(index));
    };
  }

  private Object value(int column) {
    List<Object> values = VALUES.get(column);
    return values.get(random.nextInt(values.size()));
  }
}
