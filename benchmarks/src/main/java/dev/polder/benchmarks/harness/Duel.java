package dev.polder.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the same work on several sides in turns, A/B/A/B, so that whatever else the machine does
 * meets all of them. The first round compares the answers and warms up; it is not timed.
 */
public final class Duel {
  private final int warmUps;
  private final int runs;
  private final Warnings warnings;

  /**
   * Makes a duel.
   *
   * @param warmUps untimed rounds after the one that compares the answers
   */
  public Duel(int warmUps, int runs, Warnings warnings) {
    this.warmUps = warmUps;
    this.runs = runs;
    this.warnings = warnings;
  }

  /** Milliseconds of every timed run, by side, and the rows that all sides answered. */
  public record Outcome(Map<String, Samples> millis, long rows) {
    public Samples of(String side) {
      Samples samples = millis.get(side);
      if (samples == null) {
        throw new IllegalArgumentException("no side " + side);
      }
      return samples;
    }
  }

  public Outcome fight(String name, List<Side> sides) throws Exception {
    Answer first = compare(name, sides);
    for (int i = 0; i < warmUps; i++) {
      for (Side side : sides) {
        side.work().run(false);
      }
    }
    Map<String, List<Double>> times = new LinkedHashMap<>();
    for (int i = 0; i < runs; i++) {
      for (Side side : sides) {
        long start = System.nanoTime();
        Answer answer = side.work().run(false);
        double millis = (System.nanoTime() - start) / 1e6;
        times.computeIfAbsent(side.name(), key -> new ArrayList<>()).add(millis);
        if (answer.rows() != first.rows()) {
          warnings.add(name + ": " + side.name() + " answered another number of rows in run " + i);
        }
      }
    }
    Map<String, Samples> samples = new LinkedHashMap<>();
    times.forEach((side, values) -> samples.put(side, new Samples(values)));
    return new Outcome(samples, first.rows());
  }

  private Answer compare(String name, List<Side> sides) throws Exception {
    Answer first = sides.getFirst().work().run(true);
    if (first.rows() == 0) {
      warnings.add(name + ": vacuous, the answer has no rows");
    }
    for (Side side : sides.subList(1, sides.size())) {
      Answer answer = side.work().run(true);
      if (!answer.equals(first)) {
        warnings.add(
            name
                + ": the answers differ, "
                + sides.getFirst().name()
                + " "
                + first
                + ", "
                + side.name()
                + " "
                + answer);
      }
    }
    return first;
  }
}
