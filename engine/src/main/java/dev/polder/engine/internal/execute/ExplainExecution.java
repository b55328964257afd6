package dev.polder.engine.internal.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows;
import dev.polder.engine.internal.source.SourceReads;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.bind.SourceScan;
import dev.polder.sql.statement.Explain;
import dev.polder.sql.statement.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * EXPLAIN: DuckDB's plan as a tree of operators. File names, catalog names and everything about
 * tables under row filters or masks are left out, numbers of rows too: they would tell what is
 * hidden. Stateless.
 */
final class ExplainExecution {
  static final List<Result.Column> COLUMNS = List.of(new Result.Column("plan", "VARCHAR"));
  static final Schema SCHEMA = new Schema(List.of(Field.nullable("plan", new ArrowType.Utf8())));

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> SHOWN =
      Set.of(
          "Projections",
          "Filters",
          "Groups",
          "Aggregates",
          "Conditions",
          "Join Type",
          "Order By",
          "Top",
          "Limit",
          "Expression",
          "Total Files Read");

  private ExplainExecution() {}

  static Result run(StatementContext context, Explain explain, Runnable ended) {
    if (!(explain.inner() instanceof Query query)) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "EXPLAIN is there for queries; explain the statement's SELECT");
    }
    try (Execution execution = context.execution()) {
      QueryBinding.Bound bound = new QueryBinding(context, execution).bind(query.text());
      BoundQuery text = bound.query();
      UserErrors.use(
          execution, text, explain.analyze() ? SourceReads.Mode.REPEATED : SourceReads.Mode.SHAPE);
      boolean hidden =
          !bound.access().superuser()
              && (text.reads().stream()
                      .anyMatch(read -> !bound.access().policies(read.table().id()).isEmpty())
                  || text.remote().stream().anyMatch(scan -> scan.policies().isPresent()));
      boolean runs = explain.analyze() && !hidden;
      if (runs) {
        context.trail().runs("EXPLAIN ANALYZE", query.text().toString());
      }
      List<List<Object>> lines = new ArrayList<>();
      try {
        String plan = plan(context, execution, runs, text);
        tree(JSON.readTree(plan), 0, hidden, lines);
        text.remote().forEach(scan -> asked(execution, scan, hidden, lines));
      } catch (PolderException e) {
        throw UserErrors.of(text).apply(e);
      } catch (JsonProcessingException e) {
        throw new PolderException(
            ErrorCode.INTERNAL_ERROR, "the plan could not be read; run the query itself", e);
      }
      if (runs) {
        context.trail().read(lines.size());
      }
      return new JavaRows(
          context.engine().memory(),
          List.of(new JavaRows.Header("plan", JavaRows.ColumnType.VARCHAR)),
          lines,
          context.notices());
    } finally {
      ended.run();
    }
  }

  private static String plan(
      StatementContext context, Execution execution, boolean analyze, BoundQuery text) {
    List<List<@org.jspecify.annotations.Nullable Object>> rows =
        execution
            .connection()
            .rows(
                "EXPLAIN (" + (analyze ? "ANALYZE, " : "") + "FORMAT JSON) " + text.text(),
                context.parameters());
    return String.valueOf(rows.getFirst().get(1));
  }

  /** What a source is asked, and what it is not. */
  private static void asked(
      Execution execution, SourceScan scan, boolean hidden, List<List<Object>> lines) {
    String from = scan.name() + ": source " + scan.source().alias();
    lines.add(
        List.of(
            hidden
                ? from
                : from
                    + " is asked "
                    + execution.sources().client(scan.source()).text(scan.query())));
    if (!hidden) {
      scan.notes().forEach(note -> lines.add(List.of("  not asked: " + note)));
    }
  }

  private static void tree(JsonNode node, int depth, boolean hidden, List<List<Object>> lines) {
    if (node.isArray()) {
      node.forEach(child -> tree(child, depth, hidden, lines));
      return;
    }
    String name = node.path("name").asText(node.path("operator_name").asText("")).strip();
    JsonNode details = node.path("extra_info");
    int childDepth = depth;
    if (!name.isEmpty() && !name.startsWith("EXPLAIN")) {
      lines.add(List.of("  ".repeat(depth) + name + (hidden ? "" : shown(node, details))));
      childDepth++;
    }
    for (JsonNode child : node.path("children")) {
      tree(child, childDepth, hidden, lines);
    }
  }

  private static String shown(JsonNode node, JsonNode details) {
    String text =
        details.properties().stream()
            .filter(detail -> SHOWN.contains(detail.getKey()))
            .map(ExplainExecution::detail)
            .collect(Collectors.joining("; "));
    String rows =
        node.has("operator_cardinality")
            ? node.get("operator_cardinality").asText() + " rows"
            : details.has("Estimated Cardinality")
                ? "~" + details.get("Estimated Cardinality").asText() + " rows"
                : "";
    String all =
        List.of(text, rows).stream()
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("; "));
    return all.isEmpty() ? "" : "  [" + all + "]";
  }

  private static String detail(Map.Entry<String, JsonNode> detail) {
    JsonNode value = detail.getValue();
    String text =
        value.isArray()
            ? java.util.stream.StreamSupport.stream(value.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(", "))
            : value.asText();
    return detail.getKey() + ": " + text.replaceAll("p_[0-9a-f]{32}\\.", "");
  }
}
