package dev.polder.sql;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Repeats a check with many random generators: half of them the same in every build, half begun
 * from the clock. What fails names the seed that brings it back.
 */
public final class RandomRuns {
  private static final long FIXED = 20_260_101L;

  private RandomRuns() {}

  public static void repeat(int runs, Consumer<Random> check) {
    LongStream.concat(seeds(FIXED, runs / 2), seeds(System.nanoTime(), runs - runs / 2))
        .forEach(seed -> once(seed, check));
  }

  private static LongStream seeds(long first, int count) {
    return new SplittableRandom(first).longs(count);
  }

  private static void once(long seed, Consumer<Random> check) {
    try {
      check.accept(new Random(seed));
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("fails with new Random(" + seed + "L): " + e.getMessage(), e);
    }
  }
}
