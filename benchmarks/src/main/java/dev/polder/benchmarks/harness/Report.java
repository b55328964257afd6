package dev.polder.benchmarks.harness;

import dev.polder.server.table.Style;
import dev.polder.server.table.TextTable;
import dev.polder.server.table.TextTable.Heading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one run found out: the machine, the sections, and what is doubtful. Immutable.
 *
 * @param facts about machine and versions, by name
 */
public record Report(Map<String, String> facts, List<Section> sections, List<String> warnings) {
  private static List<Heading> headings(Section section) {
    return List.of(
        new Heading("measure", false),
        new Heading("unit", false),
        new Heading("Polder", true),
        new Heading(section.other(), true),
        new Heading("relation", true),
        new Heading("goal", false),
        new Heading("n", true),
        new Heading("Polder min–max", true));
  }

  /** The facts, one a line. */
  public List<String> factLines() {
    int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
    List<String> lines = new ArrayList<>();
    facts.forEach(
        (name, text) -> lines.add("  " + name + pad(width - name.length()) + "  " + text));
    return lines;
  }

  /** One section as an aligned table. */
  public static List<String> lines(Section section, Style style) {
    List<String> lines = new ArrayList<>();
    lines.add(style.bold(section.title()));
    lines.addAll(new TextTable(headings(section), rows(section)).render(style));
    section.notes().forEach(note -> lines.add(style.dim("  " + note)));
    return lines;
  }

  /** Everything as Markdown. */
  public String markdown(String command) {
    StringBuilder text = new StringBuilder();
    text.append("| | |\n|---|---|\n");
    facts.forEach(
        (name, value) -> text.append("| ").append(name).append(" | ").append(value).append(" |\n"));
    text.append("| command | `").append(command).append("` |\n");
    for (Section section : sections) {
      text.append("\n## ").append(section.title()).append("\n\n");
      row(text, headings(section).stream().map(Heading::name).toList());
      row(
          text,
          headings(section).stream().map(heading -> heading.numeric() ? "--:" : "---").toList());
      rows(section).forEach(cells -> row(text, cells));
      if (!section.notes().isEmpty()) {
        text.append('\n');
        section.notes().forEach(note -> text.append("- ").append(note).append('\n'));
      }
    }
    if (!warnings.isEmpty()) {
      text.append("\n## Warnings\n\n");
      warnings.forEach(warning -> text.append("- ").append(warning).append('\n'));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, List<? extends @Nullable String> cells) {
    text.append('|');
    cells.forEach(cell -> text.append(' ').append(cell).append(" |"));
    text.append('\n');
  }

  private static List<List<@Nullable String>> rows(Section section) {
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (Figure figure : section.figures()) {
      Samples bare = figure.bare();
      Goal goal = figure.goal();
      rows.add(
          Arrays.asList(
              figure.name(),
              figure.unit(),
              Numbers.text(figure.polder().median()),
              bare == null ? "" : Numbers.text(bare.median()),
              figure.relation(),
              goal == null ? "" : goal.text() + (goal.met() ? " met" : " MISSED"),
              Integer.toString(figure.polder().values().size()),
              Numbers.text(figure.polder().min()) + "–" + Numbers.text(figure.polder().max())));
    }
    return rows;
  }

  private static String pad(int width) {
    return " ".repeat(Math.max(0, width));
  }
}
