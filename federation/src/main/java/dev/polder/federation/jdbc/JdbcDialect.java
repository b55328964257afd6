package dev.polder.federation.jdbc;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Aggregate;
import dev.polder.sql.remote.RemoteExpression.AggregateFunction;
import dev.polder.sql.remote.RemoteExpression.Column;
import dev.polder.sql.remote.RemoteExpression.Comparison;
import dev.polder.sql.remote.RemoteExpression.In;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;
import java.util.List;
import java.util.stream.Stream;

/**
 * What every system of SQL means alike: comparisons of whole and decimal numbers, IS NULL, counts.
 * Of known systems more is asked. Stateless and thread-safe.
 */
record JdbcDialect(Product.Kind kind) implements SourceDialect {
  @Override
  public Support supports(RemoteExpression expression) {
    return switch (expression) {
      case Column ignored -> Support.EXACT;
      case Literal literal ->
          isNumber(literal.type())
                  || literal.value() == null
                  || (literal.value() instanceof String text && text.indexOf('\\') < 0)
              ? Support.EXACT
              : Support.NONE;
      case RemoteExpression.And ignored -> Support.EXACT;
      case RemoteExpression.Or ignored -> Support.EXACT;
      case RemoteExpression.Not(Column ignored) -> Support.NONE;
      case RemoteExpression.Not ignored -> Support.EXACT;
      case RemoteExpression.IsNull(Column ignored) -> Support.EXACT;
      case Comparison(var operator, var left, var right) ->
          compared(operator, List.of(left, right));
      case In(var operand, var values) ->
          compared(Operator.EQUAL, Stream.concat(Stream.of(operand), values.stream()).toList());
      case Aggregate aggregate ->
          aggregate.function() == AggregateFunction.COUNT
                  && aggregate.operand().isEmpty()
                  && aggregate.filter().isEmpty()
              ? Support.EXACT
              : Support.NONE;
      default -> Support.NONE;
    };
  }

  private Support compared(Operator operator, List<RemoteExpression> operands) {
    // Few systems spell these alike.
    if (operator == Operator.DISTINCT || operator == Operator.NOT_DISTINCT) {
      return Support.NONE;
    }
    Support support = Support.EXACT;
    for (RemoteExpression operand : operands) {
      boolean isKnown =
          operand instanceof Column
              || (operand instanceof Literal && supports(operand) == Support.EXACT);
      if (!isKnown) {
        return Support.NONE;
      }
      if (!isNumber(operand.type())) {
        // Texts of the same bytes are equal under every collation, and perhaps others are.
        if (operator != Operator.EQUAL
            || !operand.type().equals("VARCHAR")
            || !kind.isKnown()
            || (operand instanceof Column column && !isText(column))) {
          return Support.NONE;
        }
        support = Support.WIDER;
      }
    }
    return support;
  }

  /** Other types that are read as text are compared by rules of their own. */
  private static boolean isText(Column column) {
    String type = column.column().nativeType().toLowerCase(java.util.Locale.ROOT);
    return type.contains("char") || type.equals("text");
  }

  private static boolean isNumber(String type) {
    return switch (type) {
      case "SMALLINT", "INTEGER", "BIGINT" -> true;
      default -> type.startsWith("DECIMAL(");
    };
  }

  @Override
  public boolean supports(RemoteFrom.Kind join) {
    return false;
  }

  @Override
  public boolean orders(RemoteExpression value) {
    return kind.isKnown() && value instanceof Column && isNumber(value.type());
  }

  @Override
  public boolean groups(RemoteExpression value) {
    return value instanceof Column && isNumber(value.type());
  }

  @Override
  public boolean limits() {
    return kind.isKnown();
  }

  @Override
  public boolean subqueries() {
    return false;
  }
}
