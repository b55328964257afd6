package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Comparison;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;

/** The casts that DuckDB inserts where operands are of different types. */
final class Casts {
  /** Types to which DuckDB casts a plain text that is compared with them. */
  private static final Set<String> FROM_TEXT =
      Set.of(
          DuckTypes.DATE,
          DuckTypes.TIMESTAMP,
          DuckTypes.ZONED,
          DuckTypes.BOOLEAN,
          DuckTypes.DOUBLE,
          "TIME",
          "UUID",
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT");

  private final Folding folding;

  Casts(Folding folding) {
    this.folding = folding;
  }

  /** The comparison of two operands cast to one type. */
  Comparison compare(Operator operator, Operand left, Operand right) {
    return switch (left) {
      case Operand.Varying(var value) -> compare(operator, value, right);
      case Operand.Fixed(var constant) -> {
        if (!(right instanceof Operand.Varying(var value))) {
          throw new NotPushed("a comparison of constants");
        }
        yield against(flipped(operator), value, constant);
      }
    };
  }

  private Comparison compare(Operator operator, RemoteExpression left, Operand right) {
    return switch (right) {
      case Operand.Fixed(var constant) -> against(operator, left, constant);
      case Operand.Varying(var value) -> {
        String type =
            DuckTypes.common(left.type(), value.type())
                .orElseThrow(() -> mixed(left.type(), value.type()));
        yield new Comparison(operator, widen(left, type), widen(value, type));
      }
    };
  }

  private static NotPushed mixed(String left, String right) {
    return new NotPushed("a comparison of " + left + " with " + right);
  }

  private static Operator flipped(Operator operator) {
    return switch (operator) {
      case LESS -> Operator.GREATER;
      case LESS_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
      case GREATER -> Operator.LESS;
      case GREATER_OR_EQUAL -> Operator.LESS_OR_EQUAL;
      case EQUAL, NOT_EQUAL, DISTINCT, NOT_DISTINCT -> operator;
    };
  }

  private Comparison against(Operator operator, RemoteExpression value, Constant constant) {
    String type = value.type();
    if (constant.isString() && !type.equals(DuckTypes.VARCHAR)) {
      if (!FROM_TEXT.contains(type)) {
        throw mixed(type, constant.type());
      }
      return new Comparison(operator, value, folding.as(constant, type));
    }
    if (DuckTypes.isNumber(type) && DuckTypes.isNumber(constant.type())) {
      return numbers(operator, value, constant);
    }
    if (type.equals(DuckTypes.DATE)
        && constant.value() instanceof LocalDateTime time
        && time.toLocalTime().equals(LocalTime.MIDNIGHT)) {
      return new Comparison(operator, value, new Literal(time.toLocalDate(), DuckTypes.DATE));
    }
    boolean zoned =
        type.equals(DuckTypes.ZONED)
            && (constant.type().equals(DuckTypes.DATE)
                || constant.type().equals(DuckTypes.TIMESTAMP));
    String common =
        zoned
            ? type
            : DuckTypes.common(type, constant.type())
                .orElseThrow(() -> mixed(type, constant.type()));
    return new Comparison(operator, widen(value, common), folding.as(constant, common));
  }

  /** A number that the value's type holds is compared in that type: the result is the same. */
  private Comparison numbers(Operator operator, RemoteExpression value, Constant constant) {
    String type = value.type();
    if (type.equals(DuckTypes.DOUBLE) || constant.type().equals(DuckTypes.DOUBLE)) {
      return new Comparison(
          operator, widen(value, DuckTypes.DOUBLE), folding.as(constant, DuckTypes.DOUBLE));
    }
    BigDecimal number = constant.number();
    if (holds(type, number)) {
      return new Comparison(operator, value, exact(number, type));
    }
    String common =
        DuckTypes.common(type, constant.type()).orElseThrow(() -> mixed(type, constant.type()));
    if (!holds(common, number)) {
      throw mixed(type, constant.type());
    }
    return new Comparison(operator, widen(value, common), exact(number, common));
  }

  static boolean holds(String type, BigDecimal number) {
    BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    if (DuckTypes.isInteger(type)) {
      return plain.scale() <= 0 && DuckTypes.fits(plain.toBigInteger(), type);
    }
    return DuckTypes.decimal(type)
        .filter(decimal -> plain.scale() <= decimal.scale())
        .filter(decimal -> plain.precision() - plain.scale() <= decimal.width() - decimal.scale())
        .isPresent();
  }

  static Literal exact(BigDecimal number, String type) {
    if (type.equals("HUGEINT")) {
      return new Literal(number.toBigIntegerExact(), type);
    }
    return DuckTypes.isInteger(type)
        ? new Literal(number.longValueExact(), type)
        : new Literal(
            number.setScale(
                DuckTypes.decimal(type).orElseThrow().scale(), RoundingMode.UNNECESSARY),
            type);
  }

  /** A cast that cannot fail. */
  RemoteExpression widen(RemoteExpression value, String type) {
    if (value.type().equals(type)) {
      return value;
    }
    if (!DuckTypes.common(value.type(), type).filter(type::equals).isPresent()) {
      throw new NotPushed("a cast from " + value.type() + " to " + type);
    }
    return new RemoteExpression.Widen(value, type);
  }

  /** The operand in a type that DuckDB gave. */
  RemoteExpression to(Operand operand, String type) {
    return switch (operand) {
      case Operand.Varying(var value) -> widen(value, type);
      case Operand.Fixed(var constant) -> folding.as(constant, type);
    };
  }

  /** The operands, which are alternatives, in their common type. */
  List<RemoteExpression> union(List<Operand> operands) {
    if (operands.isEmpty()) {
      throw new NotPushed("no alternatives");
    }
    StringBuilder cases = new StringBuilder("CASE");
    operands.forEach(operand -> cases.append(" WHEN true THEN ").append(operand.sample()));
    String type = folding.type(cases.append(" END").toString());
    if (!DuckTypes.isKnown(type)) {
      throw new NotPushed("alternatives of type " + type);
    }
    return operands.stream().map(operand -> to(operand, type)).toList();
  }
}
