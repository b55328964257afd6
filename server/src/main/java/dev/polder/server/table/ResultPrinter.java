package dev.polder.server.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes results and failures in the form that was asked for. Stateless but for its writers. */
public final class ResultPrinter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> AUDIT_REST = List.of("detail", "hash");

  private final PrintWriter out;
  private final PrintWriter err;
  private final Style style;

  public ResultPrinter(PrintWriter out, PrintWriter err, Style style) {
    this.out = out;
    this.err = err;
    this.style = style;
  }

  /** The forms of a result. */
  public enum Format {
    TABLE,
    EXPANDED,
    CSV,
    JSON
  }

  public void print(QueryResult result, Format format, boolean timing) {
    switch (format) {
      case TABLE, EXPANDED -> printTable(result, format == Format.EXPANDED, timing);
      case CSV -> printCsv(result);
      case JSON -> printJson(result);
    }
    for (QueryResult.NoticeText notice : result.notices()) {
      err.println(style.dim("notice " + notice.code() + ": ") + notice.message());
    }
    out.flush();
    err.flush();
  }

  /** Says what failed; a position is shown by a caret under the statement's own line. */
  public void print(ServerFailure failure, String sql) {
    err.println(
        style.red("error")
            + " "
            + failure.code()
            + (failure.sqlState().isEmpty() ? "" : " (" + failure.sqlState() + ")")
            + ": "
            + failure.getMessage());
    failure.position().ifPresent(position -> printCaret(sql, position));
    err.flush();
  }

  /** Says what failed outside the server. */
  public void printFailure(String message) {
    err.println(style.red("error") + " " + message);
    err.flush();
  }

  private void printCaret(String sql, int position) {
    if (position > sql.length()) {
      return;
    }
    int start = sql.lastIndexOf('\n', Math.max(0, position - 1)) + 1;
    int end = sql.indexOf('\n', position);
    String line = sql.substring(start, end < 0 ? sql.length() : Math.max(end, start));
    // A long line is cut around the fault, so that the caret stays on the screen.
    int offset = Math.min(position - start, line.length());
    int from = Math.max(0, offset - 60);
    String before = DisplayText.visible(line.substring(from, offset));
    String after =
        DisplayText.visible(line.substring(offset, Math.min(line.length(), offset + 40)));
    long number = sql.substring(0, start).chars().filter(c -> c == '\n').count() + 1;
    String label = "line " + number + ": " + (from > 0 ? "…" : "");
    err.println(style.dim(label) + before + after);
    err.println(" ".repeat(DisplayText.width(label) + DisplayText.width(before)) + style.red("^"));
  }

  private void printTable(QueryResult result, boolean expanded, boolean timing) {
    String time = timing ? String.format(Locale.ROOT, "%.1f ms", result.elapsedMs()) : "";
    if (result.columns().isEmpty()) {
      Long count = result.updateCount();
      String done = count == null ? "done" : rows(count) + " changed";
      out.println(style.dim(time.isEmpty() ? done : done + ", " + time));
      return;
    }
    List<TextTable.Heading> headings =
        result.columns().stream()
            .map(c -> new TextTable.Heading(c.name(), DisplayText.isNumeric(c.type())))
            .toList();
    boolean brief = !expanded && style.width() > 0 && isAuditTrail(headings);
    int shown = headings.size() - (brief ? AUDIT_REST.size() : 0);
    List<List<@Nullable String>> cells = new ArrayList<>();
    result.rows().forEach(row -> cells.add(texts(row.subList(0, shown))));
    TextTable table = new TextTable(headings.subList(0, shown), cells);
    (expanded ? table.renderExpanded(style) : table.render(style)).forEach(out::println);
    if (brief) {
      out.println(style.dim("without " + String.join(", ", AUDIT_REST) + ": \\x or -x shows them"));
    }
    String count = rows(result.rows().size());
    out.println(style.dim("(" + (time.isEmpty() ? count : count + ", " + time) + ")"));
  }

  /** Its last columns are longer than what one reads first, and leave that no room. */
  private static boolean isAuditTrail(List<TextTable.Heading> headings) {
    List<String> names = headings.stream().map(TextTable.Heading::name).toList();
    return names.contains("event_type")
        && names.size() > AUDIT_REST.size()
        && names.subList(names.size() - AUDIT_REST.size(), names.size()).equals(AUDIT_REST);
  }

  private void printCsv(QueryResult result) {
    if (result.columns().isEmpty()) {
      return;
    }
    out.print(CsvLine.of(new ArrayList<>(result.columns().stream().map(c -> c.name()).toList())));
    out.print('\n');
    for (List<JsonNode> row : result.rows()) {
      out.print(CsvLine.of(texts(row)));
      out.print('\n');
    }
  }

  /** One document a statement on one line: an array of rows, or the number of changed rows. */
  private void printJson(QueryResult result) {
    if (result.columns().isEmpty()) {
      ObjectNode done = JSON.createObjectNode();
      done.put("updateCount", result.updateCount());
      out.print(done + "\n");
      return;
    }
    ArrayNode rows = JSON.createArrayNode();
    for (List<JsonNode> row : result.rows()) {
      ObjectNode object = rows.addObject();
      for (int i = 0; i < result.columns().size(); i++) {
        object.set(unused(object, result.columns().get(i).name()), row.get(i));
      }
    }
    out.print(rows + "\n");
  }

  /** Columns of the same name would hide one another in an object. */
  private static String unused(ObjectNode object, String name) {
    String free = name;
    for (int i = 2; object.has(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  private static List<@Nullable String> texts(List<JsonNode> row) {
    List<@Nullable String> texts = new ArrayList<>(row.size());
    row.forEach(cell -> texts.add(DisplayText.of(cell)));
    return texts;
  }

  private static String rows(long count) {
    return count == 1 ? "1 row" : String.format(Locale.ROOT, "%,d rows", count);
  }
}
