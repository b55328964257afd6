package dev.polder.benchmarks.harness;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Says what runs, on the error stream: one line that changes on a terminal, in a pipe a line for
 * each step and every few seconds. Used by one thread.
 */
public final class Progress {
  private static final long PIPE_INTERVAL = 5_000_000_000L;
  private static final long TERMINAL_INTERVAL = 100_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private String step = "";
  private long shown;
  private long started;

  public Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A new step begins. */
  public void step(String name) {
    step = name;
    started = System.nanoTime();
    shown = started;
    show(name + " …");
  }

  /** The step has come so far. */
  public void at(long done, long total) {
    long now = System.nanoTime();
    if (now - shown < (terminal ? TERMINAL_INTERVAL : PIPE_INTERVAL)) {
      return;
    }
    shown = now;
    show(
        String.format(
            Locale.ROOT,
            "%s … %,d of %,d (%d %%, %.0f s)",
            step,
            done,
            total,
            total == 0 ? 100 : 100 * done / total,
            (now - started) / 1e9));
  }

  /** Takes the changing line away, for output to come. */
  public void clear() {
    if (terminal) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }

  private void show(String text) {
    if (terminal) {
      out.print("\r\u001b[K" + text);
    } else {
      out.println(text);
    }
    out.flush();
  }
}
