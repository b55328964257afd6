package dev.polder.server.table;

/**
 * What the reader of a table can show. Immutable.
 *
 * @param unicode lines of box-drawing characters instead of ASCII
 * @param colour ANSI colours
 * @param width columns that are there; 0 for no limit
 */
public record Style(boolean unicode, boolean colour, int width) {
  /** For files and pipes. */
  public static final Style PLAIN = new Style(false, false, 0);

  private static final String ESCAPE = "\u001b[";

  public String bold(String text) {
    return colour ? ESCAPE + "1m" + text + ESCAPE + "0m" : text;
  }

  public String dim(String text) {
    return colour ? ESCAPE + "2m" + text + ESCAPE + "0m" : text;
  }

  public String red(String text) {
    return colour ? ESCAPE + "31m" + text + ESCAPE + "0m" : text;
  }

  public String green(String text) {
    return colour ? ESCAPE + "32m" + text + ESCAPE + "0m" : text;
  }
}
