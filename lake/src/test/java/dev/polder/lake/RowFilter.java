package dev.polder.lake;

import dev.polder.lake.filter.LakeFilter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.iceberg.Schema;

/**
 * Judges rows one by one with SQL's three-valued logic and DuckDB's order: NaN above all numbers
 * and equal to itself, zero without a sign, text by its bytes.
 */
final class RowFilter implements Predicate<List<Object>> {
  private final Schema schema;
  private final LakeFilter filter;

  RowFilter(Schema schema, LakeFilter filter) {
    this.schema = schema;
    this.filter = filter;
  }

  @Override
  public boolean test(List<Object> row) {
    return judge(filter, row) == Truth.TRUE;
  }

  private Truth judge(LakeFilter condition, List<Object> row) {
    return switch (condition) {
      case LakeFilter.And and ->
          and.operands().stream()
              .map(operand -> judge(operand, row))
              .reduce(Truth.TRUE, (left, right) -> left.compareTo(right) < 0 ? left : right);
      case LakeFilter.Or or ->
          or.operands().stream()
              .map(operand -> judge(operand, row))
              .reduce(Truth.FALSE, (left, right) -> left.compareTo(right) > 0 ? left : right);
      case LakeFilter.Not not ->
          switch (judge(not.operand(), row)) {
            case TRUE -> Truth.FALSE;
            case FALSE -> Truth.TRUE;
            case UNKNOWN -> Truth.UNKNOWN;
          };
      case LakeFilter.IsNull isNull -> Truth.of(value(isNull.column(), row) == null);
      case LakeFilter.NotNull notNull -> Truth.of(value(notNull.column(), row) != null);
      case LakeFilter.In in -> {
        Object value = value(in.column(), row);
        yield value == null
            ? Truth.UNKNOWN
            : Truth.of(in.literals().stream().anyMatch(literal -> order(value, literal) == 0));
      }
      case LakeFilter.StartsWith starts -> {
        Object value = value(starts.column(), row);
        yield value == null
            ? Truth.UNKNOWN
            : Truth.of(value.toString().startsWith(starts.prefix()));
      }
      case LakeFilter.Comparison comparison -> {
        Object value = value(comparison.column(), row);
        yield value == null ? Truth.UNKNOWN : Truth.of(holds(comparison, value));
      }
    };
  }

  private static boolean holds(LakeFilter.Comparison comparison, Object value) {
    int order = order(value, comparison.literal());
    return switch (comparison.operator()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  @SuppressWarnings("unchecked")
  private static int order(Object left, Object right) {
    return switch (left) {
      case Float number -> Float.compare(number + 0.0f, (Float) right + 0.0f);
      case Double number -> Double.compare(number + 0.0, (Double) right + 0.0);
      case String text -> Arrays.compareUnsigned(bytes(text), bytes((String) right));
      default -> ((Comparable<Object>) left).compareTo(right);
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Object value(LakeFilter.Column column, List<Object> row) {
    return row.get(schema.findField(column.path().getFirst()).fieldId() - 1);
  }

  private enum Truth {
    FALSE,
    UNKNOWN,
    TRUE;

    static Truth of(boolean value) {
      return value ? TRUE : FALSE;
    }
  }
}
