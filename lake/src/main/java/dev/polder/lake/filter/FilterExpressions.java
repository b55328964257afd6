package dev.polder.lake.filter;

import dev.polder.lake.filter.LakeFilter.Comparison;
import dev.polder.lake.filter.LakeFilter.Operator;
import dev.polder.lake.type.InternalValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.expressions.UnboundPredicate;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Iceberg expressions that every matching row satisfies. Negation is pushed to the leaves first, so
 * that a leaf which cannot be translated exactly may be replaced by TRUE. Not thread-safe while
 * expressions are built.
 */
final class FilterExpressions {
  private final Schema schema;
  private final Set<Integer> floatFields = new HashSet<>();

  FilterExpressions(Schema schema) {
    this.schema = schema;
  }

  /** Fields with float comparisons, after an expression was built. */
  Set<Integer> floatFields() {
    return floatFields;
  }

  /** For bounds and counts. UUIDs are left out: writers disagree on their order. */
  Expression forMetrics(LakeFilter filter, boolean withFloats) {
    return new Translation(withFloats, false).of(filter, false);
  }

  Expression forPartitions(LakeFilter filter, boolean withFloats) {
    return new Translation(withFloats, true).of(filter, false);
  }

  private final class Translation {
    private final boolean withFloats;
    private final boolean withUuids;

    Translation(boolean withFloats, boolean withUuids) {
      this.withFloats = withFloats;
      this.withUuids = withUuids;
    }

    Expression of(LakeFilter filter, boolean negated) {
      return switch (filter) {
        case LakeFilter.And and -> combine(and.operands(), negated, !negated);
        case LakeFilter.Or or -> combine(or.operands(), negated, negated);
        case LakeFilter.Not not -> of(not.operand(), !negated);
        case Comparison comparison -> comparison(comparison, negated);
        case LakeFilter.In in -> in(in, negated);
        case LakeFilter.IsNull isNull -> nullness(isNull.column(), !negated);
        case LakeFilter.NotNull notNull -> nullness(notNull.column(), negated);
        case LakeFilter.StartsWith prefix -> startsWith(prefix, negated);
      };
    }

    private Expression combine(List<LakeFilter> operands, boolean negated, boolean conjunction) {
      Expression result = conjunction ? Expressions.alwaysTrue() : Expressions.alwaysFalse();
      for (LakeFilter operand : operands) {
        Expression next = of(operand, negated);
        result = conjunction ? Expressions.and(result, next) : Expressions.or(result, next);
      }
      return result;
    }

    private Expression nullness(LakeFilter.Column column, boolean isNull) {
      Types.NestedField field = find(column);
      // Counts of a nested or repeated field do not tell NULL parents apart.
      if (field == null || !field.type().isPrimitiveType() || column.path().size() > 1) {
        return Expressions.alwaysTrue();
      }
      return isNull ? Expressions.isNull(name(field)) : Expressions.notNull(name(field));
    }

    private Expression startsWith(LakeFilter.StartsWith prefix, boolean negated) {
      Types.NestedField field = find(prefix.column());
      if (field == null
          || field.type().typeId() != Type.TypeID.STRING
          || prefix.prefix().isEmpty()
          || negated) {
        return Expressions.alwaysTrue();
      }
      return Expressions.startsWith(name(field), prefix.prefix());
    }

    private Expression in(LakeFilter.In in, boolean negated) {
      List<LakeFilter> equals = new ArrayList<>();
      for (Object literal : in.literals()) {
        equals.add(new Comparison(in.column(), Operator.EQUAL, literal));
      }
      return combine(equals, negated, negated);
    }

    private Expression comparison(Comparison comparison, boolean negated) {
      Types.NestedField field = find(comparison.column());
      if (field == null || !field.type().isPrimitiveType()) {
        return Expressions.alwaysTrue();
      }
      Type type = field.type();
      Operator operator = negated ? negate(comparison.operator()) : comparison.operator();
      if (type.typeId() == Type.TypeID.UUID && (!withUuids || operator != Operator.EQUAL)) {
        return Expressions.alwaysTrue();
      }
      Optional<Object> literal = InternalValues.of(type, comparison.literal());
      if (literal.isEmpty()) {
        return Expressions.alwaysTrue();
      }
      if (type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE) {
        floatFields.add(field.fieldId());
        return withFloats ? real(field, operator, literal.get()) : Expressions.alwaysTrue();
      }
      return predicate(field, operator, literal.get());
    }

    /** Files that get here hold no NaN; zero has two forms that SQL takes as equal. */
    private Expression real(Types.NestedField field, Operator operator, Object literal) {
      double value = ((Number) literal).doubleValue();
      if (Double.isNaN(value)) {
        return switch (operator) {
          case LESS, LESS_OR_EQUAL, NOT_EQUAL -> Expressions.alwaysTrue();
          case EQUAL, GREATER, GREATER_OR_EQUAL -> Expressions.alwaysFalse();
        };
      }
      if (value != 0) {
        return predicate(field, operator, literal);
      }
      boolean single = field.type().typeId() == Type.TypeID.FLOAT;
      Object plus = single ? (Object) 0.0f : (Object) 0.0d;
      Object minus = single ? (Object) (-0.0f) : (Object) (-0.0d);
      return switch (operator) {
        case EQUAL ->
            Expressions.and(
                predicate(field, Operator.GREATER_OR_EQUAL, minus),
                predicate(field, Operator.LESS_OR_EQUAL, plus));
        case NOT_EQUAL -> Expressions.alwaysTrue();
        case LESS, GREATER_OR_EQUAL -> predicate(field, operator, minus);
        case GREATER, LESS_OR_EQUAL -> predicate(field, operator, plus);
      };
    }

    private Expression predicate(Types.NestedField field, Operator operator, Object literal) {
      Expression.Operation operation =
          switch (operator) {
            case EQUAL -> Expression.Operation.EQ;
            case NOT_EQUAL -> Expression.Operation.NOT_EQ;
            case LESS -> Expression.Operation.LT;
            case LESS_OR_EQUAL -> Expression.Operation.LT_EQ;
            case GREATER -> Expression.Operation.GT;
            case GREATER_OR_EQUAL -> Expression.Operation.GT_EQ;
          };
      return bindable(operation, name(field), literal(field.type(), literal));
    }
  }

  private static <T> UnboundPredicate<T> bindable(
      Expression.Operation operation, String name, Literal<T> literal) {
    return Expressions.predicate(operation, name, literal);
  }

  /** Iceberg takes days, microseconds and nanoseconds as literals of their own kind. */
  private static Literal<?> literal(Type type, Object value) {
    return switch (type.typeId()) {
      case DATE -> Literal.of((int) (Integer) value).to(Types.DateType.get());
      case TIME -> Literal.of((long) (Long) value).to(Types.TimeType.get());
      case TIMESTAMP -> Expressions.micros((Long) value);
      case TIMESTAMP_NANO -> Expressions.nanos((Long) value);
      default -> Expressions.lit(value);
    };
  }

  private static Operator negate(Operator operator) {
    return switch (operator) {
      case EQUAL -> Operator.NOT_EQUAL;
      case NOT_EQUAL -> Operator.EQUAL;
      case LESS -> Operator.GREATER_OR_EQUAL;
      case LESS_OR_EQUAL -> Operator.GREATER;
      case GREATER -> Operator.LESS_OR_EQUAL;
      case GREATER_OR_EQUAL -> Operator.LESS;
    };
  }

  private String name(Types.NestedField field) {
    return schema.findColumnName(field.fieldId());
  }

  private Types.@Nullable NestedField find(LakeFilter.Column column) {
    Types.StructType struct = schema.asStruct();
    Types.NestedField field = null;
    for (String name : column.path()) {
      if (field != null) {
        if (!field.type().isStructType()) {
          return null;
        }
        struct = field.type().asStructType();
      }
      field = struct.caseInsensitiveField(name);
      if (field == null) {
        return null;
      }
    }
    return field;
  }
}
