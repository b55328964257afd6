package dev.polder.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what somebody who mistyped a name most likely meant. Stateless. */
public final class NearestName {
  private NearestName() {}

  /** The candidate that the fewest edits reach; the first of several. */
  public static String to(String word, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .orElseThrow(() -> new IllegalArgumentException("no candidates"));
  }

  /** The candidates that the fewest edits reach, the nearest first, at most so many. */
  public static List<String> to(String word, Collection<String> candidates, int most) {
    return candidates.stream()
        .sorted(
            Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .toList();
  }

  /** Insertions, deletions, replacements and swaps of neighbours, each at one. */
  static int distance(String left, String right) {
    int[][] costs = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      costs[i][0] = i;
    }
    for (int j = 0; j <= right.length(); j++) {
      costs[0][j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      for (int j = 1; j <= right.length(); j++) {
        int replaced = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        int cost =
            Math.min(
                costs[i - 1][j - 1] + replaced, Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && left.charAt(i - 1) == right.charAt(j - 2)
                && left.charAt(i - 2) == right.charAt(j - 1);
        costs[i][j] = swapped ? Math.min(cost, costs[i - 2][j - 2] + 1) : cost;
      }
    }
    return costs[left.length()][right.length()];
  }
}
