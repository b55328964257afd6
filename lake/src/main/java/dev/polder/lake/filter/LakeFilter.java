package dev.polder.lake.filter;

import java.util.List;

/**
 * A condition on a table's columns that may prune files: a file is read when one of its rows could
 * satisfy it, with SQL's three-valued logic and DuckDB's order (NaN above all numbers, NULL matches
 * nothing). What cannot be decided exactly prunes nothing. Immutable.
 *
 * <p>Literals are Java objects in the form of {@link Comparison}'s documentation; one that does not
 * fit its column's type exactly makes its comparison prune nothing.
 */
public sealed interface LakeFilter {
  /** Matches every row. */
  LakeFilter ALL = new And(List.of());

  record And(List<LakeFilter> operands) implements LakeFilter {
    public And {
      operands = List.copyOf(operands);
    }
  }

  record Or(List<LakeFilter> operands) implements LakeFilter {
    public Or {
      operands = List.copyOf(operands);
    }
  }

  record Not(LakeFilter operand) implements LakeFilter {}

  /**
   * A column compared with a literal: {@code Boolean}; {@code Byte} … {@code Long} or {@code
   * BigInteger} for whole numbers; {@code BigDecimal}; {@code Float}, {@code Double}; {@code
   * CharSequence}; {@code LocalDate} or {@code Integer} days for dates; {@code LocalTime} or {@code
   * Long} microseconds for times; {@code LocalDateTime}, {@code Instant} or {@code Long}
   * microseconds (nanoseconds for TIMESTAMP_NS) for timestamps; {@code UUID}; {@code byte[]} or
   * {@code ByteBuffer} for BLOB.
   */
  record Comparison(Column column, Operator operator, Object literal) implements LakeFilter {}

  /** The column equals one of the literals. */
  record In(Column column, List<Object> literals) implements LakeFilter {
    public In {
      literals = List.copyOf(literals);
    }
  }

  record IsNull(Column column) implements LakeFilter {}

  record NotNull(Column column) implements LakeFilter {}

  record StartsWith(Column column, String prefix) implements LakeFilter {}

  /** A column or a field of a struct column; found without regard to case. */
  record Column(List<String> path) {
    public Column {
      path = List.copyOf(path);
    }

    public static Column of(String... path) {
      return new Column(List.of(path));
    }
  }

  /** The comparisons. */
  enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }
}
