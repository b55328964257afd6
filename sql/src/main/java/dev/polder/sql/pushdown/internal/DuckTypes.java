package dev.polder.sql.pushdown.internal;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is known of DuckDB's types by their names. Stateless. */
final class DuckTypes {
  static final String BOOLEAN = "BOOLEAN";
  static final String VARCHAR = "VARCHAR";
  static final String DATE = "DATE";
  static final String TIMESTAMP = "TIMESTAMP";
  static final String ZONED = "TIMESTAMP WITH TIME ZONE";
  static final String DOUBLE = "DOUBLE";
  static final String INTERVAL = "INTERVAL";

  private static final int MAX_WIDTH = 38;
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s?(\\d+)\\)");

  /** Each holds every value of those before it. */
  private static final List<String> INTEGERS =
      List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT");

  private static final int[] BITS = {7, 15, 31, 63, 127};
  private static final int[] DIGITS = {3, 5, 10, 19, 39};
  private static final Set<String> OTHERS =
      Set.of(BOOLEAN, VARCHAR, DATE, TIMESTAMP, ZONED, DOUBLE, "TIME", "UUID", "FLOAT");

  record Decimal(int width, int scale) {
    String name() {
      return "DECIMAL(" + width + "," + scale + ")";
    }
  }

  private DuckTypes() {}

  static boolean isInteger(String type) {
    return INTEGERS.contains(type);
  }

  static boolean isNumber(String type) {
    return isInteger(type) || type.equals(DOUBLE) || decimal(type).isPresent();
  }

  /** Whether values of this type are compared, grouped and constant in a known way. */
  static boolean isKnown(String type) {
    return isInteger(type) || OTHERS.contains(type) || decimal(type).isPresent();
  }

  /** The width and scale of a decimal type's name. */
  static Optional<Decimal> decimal(String type) {
    Matcher matcher = DECIMAL.matcher(type);
    return matcher.matches()
        ? Optional.of(
            new Decimal(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** The decimal that holds every value of an exact number's type; empty for HUGEINT too. */
  static Optional<Decimal> asDecimal(String type) {
    int rank = INTEGERS.indexOf(type);
    if (rank >= 0) {
      return DIGITS[rank] > MAX_WIDTH
          ? Optional.empty()
          : Optional.of(new Decimal(DIGITS[rank], 0));
    }
    return decimal(type);
  }

  static boolean fits(BigInteger value, String integerType) {
    return value.bitLength() <= BITS[INTEGERS.indexOf(integerType)];
  }

  /** A type to which both can be cast without loss; of two numbers one may be DOUBLE. */
  static Optional<String> common(String left, String right) {
    if (left.equals(right)) {
      return isKnown(left) ? Optional.of(left) : Optional.empty();
    }
    if (isInteger(left) && isInteger(right)) {
      return Optional.of(INTEGERS.get(Math.max(INTEGERS.indexOf(left), INTEGERS.indexOf(right))));
    }
    if (isNumber(left) && isNumber(right)) {
      return left.equals(DOUBLE) || right.equals(DOUBLE)
          ? Optional.of(DOUBLE)
          : asDecimal(left).flatMap(l -> asDecimal(right).map(r -> common(l, r)));
    }
    boolean days =
        (left.equals(DATE) && right.equals(TIMESTAMP))
            || (left.equals(TIMESTAMP) && right.equals(DATE));
    return days ? Optional.of(TIMESTAMP) : Optional.empty();
  }

  private static String common(Decimal left, Decimal right) {
    int scale = Math.max(left.scale(), right.scale());
    int whole = Math.max(left.width() - left.scale(), right.width() - right.scale());
    return new Decimal(Math.min(MAX_WIDTH, whole + scale), scale).name();
  }
}
