package dev.polder.server.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A table of texts, aligned for reading. Numbers stand to the right; a NULL is told from the text
 * {@code NULL} by its dimmed colour where there is colour. Immutable.
 */
public final class TextTable {
  private static final int MIN_WIDTH = 6;
  private static final String NULL = "NULL";

  private final List<Heading> headings;
  private final List<List<@Nullable String>> rows;

  /**
   * Makes a table.
   *
   * @param rows each with one cell a heading, null for SQL's NULL
   */
  public TextTable(List<Heading> headings, List<List<@Nullable String>> rows) {
    this.headings = List.copyOf(headings);
    this.rows = rows;
  }

  /** A column's name and whether its values are numbers. */
  public record Heading(String name, boolean numeric) {}

  /** The lines of the table, cut to the style's width. */
  public List<String> render(Style style) {
    int[] widths = naturalWidths();
    int shown = fit(widths, style.width());
    List<String> lines = new ArrayList<>();
    String bar = style.unicode() ? "│" : "|";
    StringBuilder head = new StringBuilder();
    StringBuilder rule = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      String name = DisplayText.fit(DisplayText.visible(headings.get(i).name()), widths[i]);
      head.append(i == 0 ? " " : bar + " ")
          .append(style.bold(pad(name, widths[i], headings.get(i).numeric())))
          .append(' ');
      rule.append(i == 0 ? "" : style.unicode() ? "┼" : "+")
          .append((style.unicode() ? "─" : "-").repeat(widths[i] + 2));
    }
    lines.add(head.toString().stripTrailing());
    lines.add(rule.toString());
    for (List<@Nullable String> row : rows) {
      lines.add(line(row, widths, shown, bar, style));
    }
    if (shown < headings.size()) {
      lines.add(style.dim("… " + (headings.size() - shown) + " more columns: \\x shows every one"));
    }
    return lines;
  }

  /** Each row as a list of its columns, one a line: for rows wider than any terminal. */
  public List<String> renderExpanded(Style style) {
    int nameWidth =
        headings.stream()
            .mapToInt(heading -> DisplayText.width(DisplayText.visible(heading.name())))
            .max()
            .orElse(0);
    String bar = style.unicode() ? "│" : "|";
    List<String> lines = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      lines.add(style.dim((style.unicode() ? "─" : "-").repeat(2) + " row " + (r + 1)));
      for (int i = 0; i < headings.size(); i++) {
        String name = pad(DisplayText.visible(headings.get(i).name()), nameWidth, false);
        String cell = rows.get(r).get(i);
        String text = cell == null ? style.dim(NULL) : DisplayText.visible(cell);
        lines.add((" " + style.bold(name) + " " + bar + " " + text).stripTrailing());
      }
    }
    return lines;
  }

  private String line(
      List<@Nullable String> row, int[] widths, int shown, String bar, Style style) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      String cell = row.get(i);
      String text = cell == null ? NULL : DisplayText.fit(DisplayText.visible(cell), widths[i]);
      String padded = pad(text, widths[i], headings.get(i).numeric());
      line.append(i == 0 ? " " : bar + " ")
          .append(cell == null ? style.dim(padded) : padded)
          .append(' ');
    }
    return line.toString().stripTrailing();
  }

  private int[] naturalWidths() {
    int[] widths = new int[headings.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(1, DisplayText.width(DisplayText.visible(headings.get(i).name())));
      for (List<@Nullable String> row : rows) {
        String cell = row.get(i);
        int width = cell == null ? NULL.length() : DisplayText.width(DisplayText.visible(cell));
        widths[i] = Math.max(widths[i], width);
      }
    }
    return widths;
  }

  /** Narrows the widest columns until the table fits; returns how many columns are shown. */
  private static int fit(int[] widths, int limit) {
    if (limit <= 0) {
      return widths.length;
    }
    int excess = total(widths, widths.length) - limit;
    while (excess > 0) {
      int widest =
          IntStream.range(0, widths.length).reduce(0, (a, b) -> widths[b] > widths[a] ? b : a);
      if (widths.length == 0 || widths[widest] <= MIN_WIDTH) {
        break;
      }
      int next =
          Arrays.stream(widths).filter(width -> width < widths[widest]).max().orElse(MIN_WIDTH);
      int cut = Math.clamp(widths[widest] - Math.max(next, MIN_WIDTH), 1, excess);
      widths[widest] -= cut;
      excess -= cut;
    }
    int shown = widths.length;
    while (shown > 1 && total(widths, shown) > limit) {
      shown--;
    }
    return shown;
  }

  private static int total(int[] widths, int shown) {
    return Arrays.stream(widths, 0, shown).sum() + 3 * shown - 1;
  }

  private static String pad(String text, int width, boolean right) {
    String space = " ".repeat(Math.max(0, width - DisplayText.width(text)));
    return right ? space + text : text + space;
  }
}
