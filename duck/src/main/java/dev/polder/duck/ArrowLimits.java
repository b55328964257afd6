package dev.polder.duck;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What Arrow can carry of a result's columns. Its import fails halfway beyond that, and leaks what
 * it took; so such results are refused before. Stateless.
 */
final class ArrowLimits {
  /** Arrow reads 64 levels, the column and what DuckDB puts around it included. */
  private static final int MOST_LEVELS = 60;

  private static final int LONGEST_NAME = 60_000;

  private ArrowLimits() {}

  static void check(List<ResultColumn> columns) {
    for (int i = 0; i < columns.size(); i++) {
      ResultColumn column = columns.get(i);
      if (column.name().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        throw new PolderException(
            ErrorCode.STATEMENT_TOO_COMPLEX,
            "the name of column " + (i + 1) + " is too long for a result; give it another with AS");
      }
      if (levels(column.duckType()) > MOST_LEVELS) {
        throw new PolderException(
            ErrorCode.STATEMENT_TOO_COMPLEX,
            "the type of column "
                + (i + 1)
                + " nests deeper than "
                + MOST_LEVELS
                + " levels, more than results can carry; select parts of it or cast it to VARCHAR");
      }
    }
  }

  /** How deep a type nests; 0 for one without parts. */
  static int levels(String type) {
    Deque<Integer> deepest = new ArrayDeque<>();
    deepest.push(0);
    int here = 0;
    for (int at = 0; at < type.length(); at++) {
      char c = type.charAt(at);
      switch (c) {
        case '\'', '"' -> {
          int end = type.indexOf(c, at + 1);
          at = end < 0 ? type.length() : end;
        }
        case '(' -> {
          deepest.push(0);
          here = 0;
        }
        case ',' -> {
          deepest.push(Math.max(deepest.pop(), here));
          here = 0;
        }
        case ')' -> {
          // A map's entries are a struct: whatever has brackets is counted as one.
          here = Math.max(deepest.pop(), here) + 2;
          if (deepest.isEmpty()) {
            deepest.push(0);
          }
        }
        case '[' -> here++;
        default -> {}
      }
    }
    return Math.max(deepest.getLast(), here);
  }
}
