package dev.polder.benchmarks.harness;

import java.util.Arrays;
import java.util.List;

/** What one side measured, every run of it; nothing is dropped. Never empty. Immutable. */
public record Samples(List<Double> values) {
  public Samples {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no measurements");
    }
    values = List.copyOf(values);
  }

  public static Samples of(double... values) {
    return new Samples(Arrays.stream(values).boxed().toList());
  }

  public double median() {
    return percentile(50);
  }

  /** The value below which so many percent lie, interpolated between neighbours. */
  public double percentile(double percent) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double at = percent / 100 * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  public double min() {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  public double max() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** Each value turned into another, for example a time into a rate. */
  public Samples map(java.util.function.DoubleUnaryOperator change) {
    return new Samples(values.stream().map(change::applyAsDouble).toList());
  }
}
