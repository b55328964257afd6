package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Aggregate;
import dev.polder.sql.remote.RemoteExpression.AggregateFunction;
import dev.polder.sql.remote.RemoteQuery.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns that a source is to answer, and how the local query reads them. */
final class Answer {
  /** Under this name the local query finds the columns in their types. */
  static final String RELATION = "polder_answer";

  private static final String PREFIX = "polder_";

  private final Supported supported;
  private final List<Output> outputs = new ArrayList<>();
  private final Map<RemoteExpression, String> local = new LinkedHashMap<>();
  private final List<String> derived = new ArrayList<>();

  Answer(Supported supported) {
    this.supported = supported;
  }

  List<Output> outputs() {
    return List.copyOf(outputs);
  }

  /** The local column that has the expression's value. */
  String column(RemoteExpression expression) {
    String known = local.get(expression);
    if (known != null) {
      return known;
    }
    String name =
        expression instanceof Aggregate average
                && average.function() == AggregateFunction.AVG
                && !supported.exactly(average)
            ? mean(average)
            : output(expression);
    local.put(expression, name);
    return name;
  }

  private String output(RemoteExpression expression) {
    for (Output output : outputs) {
      if (output.value().equals(expression)) {
        return output.name();
      }
    }
    String name = PREFIX + outputs.size();
    outputs.add(new Output(name, expression));
    derived.add("CAST(\"" + name + "\" AS " + expression.type() + ") AS \"" + name + "\"");
    return name;
  }

  /** DuckDB's own means round once or twice, as it plans them: the last digit may differ. */
  private String mean(Aggregate average) {
    String type = average.operand().orElseThrow().type();
    String sumType =
        DuckTypes.decimal(type)
            .map(decimal -> new DuckTypes.Decimal(38, decimal.scale()).name())
            .orElse(type.equals(DuckTypes.DOUBLE) ? type : "HUGEINT");
    String sum = output(of(average, AggregateFunction.SUM, sumType));
    String count = output(of(average, AggregateFunction.COUNT, "BIGINT"));
    String name = PREFIX + "mean_" + outputs.size();
    derived.add("CAST(\"%s\" AS DOUBLE) / \"%s\" AS \"%s\"".formatted(sum, count, name));
    return name;
  }

  private static Aggregate of(Aggregate average, AggregateFunction function, String type) {
    return new Aggregate(function, average.operand(), average.distinct(), average.filter(), type);
  }

  /** Something must be answered even when only rows are counted. */
  void atLeast(RemoteExpression expression) {
    if (outputs.isEmpty()) {
      output(expression);
    }
  }

  /** The local query over a relation that has the outputs as columns. */
  String query(String relation, String select) {
    return "WITH "
        + RELATION
        + " AS (SELECT "
        + String.join(", ", derived)
        + " FROM "
        + relation
        + ") "
        + select;
  }

  /** A relation without rows that has the outputs' types. */
  String stub() {
    return outputs.stream()
        .map(output -> "CAST(NULL AS " + output.value().type() + ") AS \"" + output.name() + "\"")
        .collect(Collectors.joining(", ", "(SELECT ", ") AS polder_stub"));
  }
}
