package dev.polder.federation.postgres;

import java.util.Locale;
import java.util.Optional;

/**
 * How numbers are read whose type bounds them less than a decimal of DuckDB. Immutable.
 *
 * @param duckType DOUBLE, VARCHAR or a decimal type, which what does not fit exactly fails
 */
record NumericMode(String duckType) {
  /** {@code double}, {@code text} or {@code decimal(p,s)}. */
  static Optional<NumericMode> of(String text) {
    String wanted = text.strip().toUpperCase(Locale.ROOT);
    return switch (wanted) {
      case "DOUBLE" -> Optional.of(new NumericMode("DOUBLE"));
      case "TEXT" -> Optional.of(new NumericMode("VARCHAR"));
      default ->
          Decimal.find(wanted)
              .filter(decimal ->
                  decimal.precision() >= 1
                      && decimal.precision() <= Decimal.MAX_PRECISION
                      && decimal.scale() <= decimal.precision())
              .map(decimal -> new NumericMode(decimal.toString()));
    };
  }
}
