package dev.polder.lake.filter;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.expressions.Projections;
import org.jspecify.annotations.Nullable;

/**
 * Decides which data files of a table may hold a matching row. A file whose float columns may hold
 * NaN is judged without the float comparisons: Iceberg's bounds leave NaN out, and DuckDB sorts it
 * above all numbers. Thread-safe.
 */
public final class FileFilter {
  private final Schema schema;
  private final FilterExpressions expressions;
  private final InclusiveMetricsEvaluator metrics;
  private final InclusiveMetricsEvaluator metricsWithNaN;
  private final Map<Integer, PartitionSpec> specs;
  private final Map<Integer, Partitions> partitions = new ConcurrentHashMap<>();
  private final Expression partitioned;
  private final Expression partitionedWithNaN;
  private final boolean all;

  public FileFilter(LakeFilter filter, Schema schema, Map<Integer, PartitionSpec> specs) {
    this.schema = schema;
    this.specs = specs;
    this.expressions = new FilterExpressions(schema);
    Expression exact = expressions.forMetrics(filter, true);
    this.partitioned = expressions.forPartitions(filter, true);
    this.partitionedWithNaN = expressions.forPartitions(filter, false);
    this.all =
        exact.op() == Expression.Operation.TRUE && partitioned.op() == Expression.Operation.TRUE;
    this.metrics = new InclusiveMetricsEvaluator(schema, exact);
    this.metricsWithNaN =
        new InclusiveMetricsEvaluator(schema, expressions.forMetrics(filter, false));
  }

  /** Whether no file can be ruled out. */
  public boolean keepsAll() {
    return all;
  }

  /** Whether some row of the file may match. */
  public boolean mayMatch(DataFile file) {
    if (all) {
      return true;
    }
    boolean nan = mayHoldNaN(file, expressions.floatFields());
    Partitions spec = partitions.computeIfAbsent(file.specId(), this::partitions);
    return spec.mayMatch(file, nan) && (nan ? metricsWithNaN : metrics).eval(file);
  }

  private static boolean mayHoldNaN(DataFile file, Set<Integer> floatFields) {
    Map<Integer, Long> counts = file.nanValueCounts();
    for (Integer field : floatFields) {
      Long count = counts == null ? null : counts.get(field);
      if (count == null || count != 0) {
        return true;
      }
    }
    return false;
  }

  private Partitions partitions(int specId) {
    PartitionSpec known = specs.get(specId);
    if (known == null || known.isUnpartitioned()) {
      return new Partitions(null, null);
    }
    try {
      // Bound anew: the expressions speak of the schema that is read, which may be an older one.
      PartitionSpec spec = known.toUnbound().bind(schema);
      return new Partitions(evaluator(spec, partitioned), evaluator(spec, partitionedWithNaN));
    } catch (ValidationException | IllegalArgumentException sourceColumnIsGone) {
      return new Partitions(null, null);
    }
  }

  private static Evaluator evaluator(PartitionSpec spec, Expression expression) {
    return new Evaluator(
        spec.partitionType(), Projections.inclusive(spec, true).project(expression));
  }

  private record Partitions(@Nullable Evaluator exact, @Nullable Evaluator withNaN) {
    boolean mayMatch(DataFile file, boolean nan) {
      Evaluator evaluator = nan ? withNaN : exact;
      return evaluator == null || evaluator.eval(file.partition());
    }
  }
}
