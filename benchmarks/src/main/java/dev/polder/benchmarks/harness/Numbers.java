package dev.polder.benchmarks.harness;

import java.util.Locale;

/** Numbers for reading: three figures or more, thousands apart. Stateless. */
public final class Numbers {
  private Numbers() {}

  public static String text(double value) {
    double size = Math.abs(value);
    if (size >= 1000 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
  }
}
