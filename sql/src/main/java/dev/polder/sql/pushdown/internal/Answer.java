package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Aggregate;
import dev.polder.sql.remote.RemoteExpression.AggregateFunction;
import dev.polder.sql.remote.RemoteQuery.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The columns that a source is to answer, and how the local query reads them. */
final class Answer {
  /** Under this name the local query finds the columns in their types. */
  static final String RELATION = "polder_answer";

  private static final String PREFIX = "polder_";
  private static final int MOST_SCALE = 6;

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
        expression instanceof Aggregate(AggregateFunction f, var o, var d, var i, var t)
                && f == AggregateFunction.AVG
                && !supported.exactly(expression)
            ? mean((Aggregate) expression)
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

  /** DuckDB divides the sum of a decimal's digits, so that it rounds once. */
  private String mean(Aggregate average) {
    RemoteExpression operand = average.operand().orElseThrow();
    String type = operand.type();
    int scale = DuckTypes.decimal(type).map(DuckTypes.Decimal::scale).orElse(0);
    if (scale > MOST_SCALE) {
      throw new NotPushed("the source knows no average");
    }
    String sumType =
        type.equals(DuckTypes.DOUBLE) ? type : scale > 0 ? "DECIMAL(38," + scale + ")" : "HUGEINT";
    if (DuckTypes.decimal(type).isPresent() && scale == 0) {
      sumType = "DECIMAL(38,0)";
    }
    String sum = output(of(average, AggregateFunction.SUM, sumType));
    String count = output(of(average, AggregateFunction.COUNT, "BIGINT"));
    String digits = "1" + "0".repeat(scale);
    String dividend =
        type.equals(DuckTypes.DOUBLE)
            ? "CAST(\"" + sum + "\" AS DOUBLE)"
            : "CAST(CAST(CAST(\"%s\" AS %s) * %s AS HUGEINT) AS DOUBLE)"
                .formatted(sum, sumType, digits);
    String name = PREFIX + "mean_" + outputs.size();
    derived.add(
        "%s / (CAST(\"%s\" AS DOUBLE) * %s) AS \"%s\"".formatted(dividend, count, digits, name));
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

  Optional<String> known(RemoteExpression expression) {
    return Optional.ofNullable(local.get(expression));
  }
}
