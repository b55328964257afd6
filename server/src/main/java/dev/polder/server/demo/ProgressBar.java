package dev.polder.server.demo;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows how far a load has come: one moving line on a terminal, a line a step elsewhere. Used by
 * one thread.
 */
final class ProgressBar {
  private static final int WIDTH = 30;

  private final PrintWriter out;
  private final boolean terminal;
  private final String label;
  private final long total;
  private final long started = System.nanoTime();

  ProgressBar(PrintWriter out, boolean terminal, String label, long total) {
    this.out = out;
    this.terminal = terminal;
    this.label = label;
    this.total = total;
  }

  void show(long done) {
    double seconds = (System.nanoTime() - started) / 1e9;
    String count = String.format(Locale.ROOT, "%,d of %,d rows, %.1f s", done, total, seconds);
    if (!terminal) {
      if (done > 0) {
        out.println("  " + label + ": " + count);
      }
      return;
    }
    int filled = (int) (WIDTH * done / Math.max(1, total));
    out.print(
        "\r\u001b[K  "
            + label
            + " "
            + "█".repeat(filled)
            + "░".repeat(WIDTH - filled)
            + " "
            + count);
    if (done >= total) {
      out.println();
    }
    out.flush();
  }

  /** Leaves the line, so that what follows stands on its own. */
  void abandon() {
    if (terminal) {
      out.println();
    }
  }
}
