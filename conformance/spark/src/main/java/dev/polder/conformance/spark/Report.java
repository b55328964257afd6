package dev.polder.conformance.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One line a test, and how many there were. For one thread. */
final class Report {
  private static final int CAUSES = 6;
  private static final int WIDTH = 400;

  private final String prefix;
  private int passed;
  private int failed;

  Report(String prefix) {
    this.prefix = prefix;
  }

  /** A test, which may throw anything. */
  interface Body {
    void run() throws Exception;
  }

  void test(String name, Body body) {
    long started = System.nanoTime();
    try {
      body.run();
      passed++;
      line("ok", name, started);
    } catch (Exception | AssertionError e) {
      failed++;
      line("FAIL", name, started);
      causes(e).forEach(cause -> System.out.println("        " + cause));
    }
  }

  private void line(String result, String name, long started) {
    System.out.printf(
        "%-5s %s: %-78s %5.1f s%n", result, prefix, name, (System.nanoTime() - started) / 1e9);
  }

  private static List<String> causes(Throwable failure) {
    List<String> lines = new ArrayList<>();
    Deque<Throwable> left = new ArrayDeque<>(List.of(failure));
    while (!left.isEmpty() && lines.size() < CAUSES) {
      Throwable next = left.remove();
      String text = next.getClass().getSimpleName() + ": " + next.getMessage();
      lines.add(text.length() > WIDTH ? text.substring(0, WIDTH) + " …" : text);
      if (next.getCause() != null) {
        left.add(next.getCause());
      }
    }
    return lines;
  }

  /** Whether all passed. */
  boolean summary() {
    System.out.println(prefix + ": " + passed + " passed, " + failed + " failed");
    return failed == 0;
  }
}
