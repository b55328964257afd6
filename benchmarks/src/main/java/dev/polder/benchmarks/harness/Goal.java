package dev.polder.benchmarks.harness;

/** What a figure should be. Immutable. */
public record Goal(String text, boolean met) {
  public static Goal atMost(double limit, double value, String unit) {
    return new Goal("≤ " + Numbers.text(limit) + unit, value <= limit);
  }

  public static Goal atLeast(double limit, double value, String unit) {
    return new Goal("≥ " + Numbers.text(limit) + unit, value >= limit);
  }
}
