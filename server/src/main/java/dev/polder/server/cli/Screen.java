package dev.polder.server.cli;

import dev.polder.server.table.Style;
import java.io.PrintStream;
import java.io.PrintWriter;

/**
 * Where a command writes: its result to one stream, all else to the other. Immutable; the writers
 * flush at each line.
 *
 * @param terminal whether a person reads the result as it appears
 */
public record Screen(PrintWriter out, PrintWriter err, Style style, boolean terminal) {

  /** Standard output and error; the start script says whether they are a terminal. */
  public static Screen standard() {
    int columns = Integer.getInteger("polder.columns", 0);
    boolean terminal = Boolean.getBoolean("polder.terminal");
    boolean colour = terminal && System.getenv("NO_COLOR") == null;
    Style style = terminal ? new Style(true, colour, columns) : Style.PLAIN;
    return new Screen(writer(System.out), writer(System.err), style, terminal);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  void line(String text) {
    out.println(text);
  }

  /** One line that says what went wrong. */
  void fail(String text) {
    err.println(style.red("error") + " " + text);
  }

  void note(String text) {
    err.println(text);
  }
}
