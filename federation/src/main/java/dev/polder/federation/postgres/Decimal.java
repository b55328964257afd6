package dev.polder.federation.postgres;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The width and scale of a decimal type. Immutable. */
record Decimal(int precision, int scale) {
  private static final Pattern FORM = Pattern.compile("DECIMAL\\((\\d+), ?(\\d+)\\)");
  static final int MAX_PRECISION = 38;

  /** Of DuckDB's name of a type. */
  static Decimal of(String duckType) {
    return find(duckType)
        .orElseThrow(() -> new IllegalArgumentException(duckType + " is no decimal type"));
  }

  static Optional<Decimal> find(String duckType) {
    Matcher matcher = FORM.matcher(duckType);
    return matcher.matches()
        ? Optional.of(
            new Decimal(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** Digits before the point. */
  int whole() {
    return precision - scale;
  }

  /** DuckDB's name of the type. */
  @Override
  public String toString() {
    return "DECIMAL(" + precision + "," + scale + ")";
  }
}
