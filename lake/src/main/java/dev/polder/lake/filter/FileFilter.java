package dev.polder.lake.filter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.expressions.Projections;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Decides which data files of a table may hold a matching row. A file whose float columns may hold
 * NaN is judged without the float comparisons: Iceberg's bounds leave NaN out, and DuckDB sorts it
 * above all numbers. Thread-safe.
 */
public final class FileFilter {
  private static final Pattern TRUNCATE = Pattern.compile("truncate\\[(\\d+)]");

  private final Schema schema;
  private final FilterExpressions expressions;
  private final InclusiveMetricsEvaluator metrics;
  private final InclusiveMetricsEvaluator metricsWithNaN;
  private final Map<Integer, PartitionSpec> specs;
  private final Map<Integer, Partitions> partitions = new ConcurrentHashMap<>();
  private final Expression partitioned;
  private final Expression partitionedWithNaN;
  private final boolean all;
  private final LakeFilter filter;

  public FileFilter(LakeFilter filter, Schema schema, Map<Integer, PartitionSpec> specs) {
    this.filter = filter;
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
      return Partitions.ALL;
    }
    try {
      // Bound anew: the expressions speak of the schema that is read, which may be an older one.
      PartitionSpec spec = known.toUnbound().bind(schema);
      Map<Integer, Long> limits = limits(spec);
      // A literal near the least number would be truncated to one of the greatest.
      return namesLeast(filter, widest(spec))
          ? Partitions.ALL
          : new Partitions(
              evaluator(spec, partitioned), evaluator(spec, partitionedWithNaN), limits);
    } catch (ValidationException | IllegalArgumentException sourceColumnIsGone) {
      return Partitions.ALL;
    }
  }

  private static boolean namesLeast(LakeFilter filter, long width) {
    return switch (filter) {
      case LakeFilter.And and -> and.operands().stream().anyMatch(it -> namesLeast(it, width));
      case LakeFilter.Or or -> or.operands().stream().anyMatch(it -> namesLeast(it, width));
      case LakeFilter.Not not -> namesLeast(not.operand(), width);
      case LakeFilter.Comparison comparison -> isLeast(comparison.literal(), width);
      case LakeFilter.In in -> in.literals().stream().anyMatch(it -> isLeast(it, width));
      case LakeFilter.IsNull ignored -> false;
      case LakeFilter.NotNull ignored -> false;
      case LakeFilter.StartsWith ignored -> false;
    };
  }

  /** Whether it lies so near the least integer or long that truncation would wrap it around. */
  private static boolean isLeast(Object literal, long width) {
    if (width == 0 || !(literal instanceof Integer || literal instanceof Long)) {
      return false;
    }
    long number = ((Number) literal).longValue();
    return number <= Long.MIN_VALUE + width
        || (number >= Integer.MIN_VALUE && number <= Integer.MIN_VALUE + width);
  }

  /** The greatest width by which the spec truncates; 0 when it truncates nothing. */
  private static long widest(PartitionSpec spec) {
    return spec.fields().stream()
        .map(field -> TRUNCATE.matcher(field.transform().toString()))
        .filter(Matcher::matches)
        .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
        .max()
        .orElse(0);
  }

  /** By position: above these, a truncated whole number may be one of the least, wrapped around. */
  private static Map<Integer, Long> limits(PartitionSpec spec) {
    Map<Integer, Long> limits = new HashMap<>();
    List<Types.NestedField> types = spec.partitionType().fields();
    for (int i = 0; i < types.size(); i++) {
      Matcher truncate = TRUNCATE.matcher(spec.fields().get(i).transform().toString());
      if (truncate.matches()) {
        int width = Integer.parseInt(truncate.group(1));
        switch (types.get(i).type().typeId()) {
          case INTEGER -> limits.put(i, (long) Integer.MAX_VALUE - width);
          case LONG -> limits.put(i, Long.MAX_VALUE - width);
          default -> {}
        }
      }
    }
    return limits;
  }

  private static Evaluator evaluator(PartitionSpec spec, Expression expression) {
    return new Evaluator(
        spec.partitionType(), Projections.inclusive(spec, true).project(expression));
  }

  private record Partitions(
      @Nullable Evaluator exact, @Nullable Evaluator withNaN, Map<Integer, Long> limits) {
    static final Partitions ALL = new Partitions(null, null, Map.of());

    boolean mayMatch(DataFile file, boolean nan) {
      Evaluator evaluator = nan ? withNaN : exact;
      return evaluator == null || wrapped(file) || evaluator.eval(file.partition());
    }

    private boolean wrapped(DataFile file) {
      for (Map.Entry<Integer, Long> limit : limits.entrySet()) {
        Number value = file.partition().get(limit.getKey(), Number.class);
        if (value != null && value.longValue() > limit.getValue()) {
          return true;
        }
      }
      return false;
    }
  }
}
