package dev.polder.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/**
 * One measured thing: Polder's value, where there is one DuckDB's, and what they are to each other.
 * Immutable.
 *
 * @param name what was measured
 * @param unit of both values
 * @param relation for example {@code 1.05×}, {@code 74 %} or {@code +2.1 ms}; empty without a base
 */
public record Figure(
    String name,
    String unit,
    Samples polder,
    @Nullable Samples bare,
    String relation,
    @Nullable Goal goal) {

  /** A value that stands alone. */
  public static Figure alone(String name, String unit, Samples polder) {
    return new Figure(name, unit, polder, null, "", null);
  }

  /** Times, compared as a ratio. */
  public static Figure ratio(String name, Samples polder, Samples bare) {
    return new Figure(name, "ms", polder, bare, times(polder, bare), null);
  }

  /** Rates, compared as a share. */
  public static Figure share(String name, String unit, Samples polder, Samples bare) {
    double percent = 100 * polder.median() / bare.median();
    return new Figure(name, unit, polder, bare, Numbers.text(percent) + " %", null);
  }

  /** Times, compared as a difference. */
  public static Figure more(String name, Samples polder, Samples bare) {
    double difference = polder.median() - bare.median();
    String sign = difference < 0 ? "" : "+";
    return new Figure(name, "ms", polder, bare, sign + Numbers.text(difference) + " ms", null);
  }

  public Figure withGoal(Goal wanted) {
    return new Figure(name, unit, polder, bare, relation, wanted);
  }

  /** DuckDB's values, of a figure that has them. */
  public Samples bareOrThrow() {
    if (bare == null) {
      throw new IllegalStateException(name + " was not compared");
    }
    return bare;
  }

  private static String times(Samples polder, Samples bare) {
    return String.format(java.util.Locale.ROOT, "%.2f×", polder.median() / bare.median());
  }
}
