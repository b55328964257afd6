package dev.polder.federation.mysql;

import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Aggregate;
import dev.polder.sql.remote.RemoteExpression.Column;
import dev.polder.sql.remote.RemoteExpression.Comparison;
import dev.polder.sql.remote.RemoteExpression.In;
import dev.polder.sql.remote.RemoteExpression.Like;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What MySQL and MariaDB surely mean as DuckDB does: comparisons of columns with constants and with
 * each other, counts, sums and extremes of numbers. Stateless and thread-safe.
 */
final class MysqlDialect implements SourceDialect {
  private static final Set<String> INTEGERS =
      Set.of(
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT");

  @Override
  public Support supports(RemoteExpression expression) {
    return switch (expression) {
      case Column ignored -> Support.EXACT;
      case Literal literal -> isWritable(literal) ? Support.EXACT : Support.NONE;
      case RemoteExpression.And ignored -> Support.EXACT;
      case RemoteExpression.Or ignored -> Support.EXACT;
      case RemoteExpression.Not ignored -> Support.EXACT;
      // Days that are none may be read as NULL.
      case RemoteExpression.IsNull(Column column) ->
          isDated(column.type()) ? Support.NONE : Support.EXACT;
      case Comparison(var operator, var left, var right) ->
          compared(operator, List.of(left, right));
      case In(var operand, var values) ->
          compared(Operator.EQUAL, Stream.concat(Stream.of(operand), values.stream()).toList());
      // Collations match more than bytes do.
      case Like(Column column, var pattern) ->
          MysqlTypes.isText(column.column().nativeType()) && pattern.indexOf('\\') < 0
              ? Support.WIDER
              : Support.NONE;
      case Aggregate aggregate -> aggregated(aggregate) ? Support.EXACT : Support.NONE;
      default -> Support.NONE;
    };
  }

  private static boolean isWritable(Literal literal) {
    return switch (literal.value()) {
      case null -> true;
      // There is neither NaN nor infinity.
      case Double number -> Double.isFinite(number);
      case java.math.BigDecimal number -> number.scale() <= 30;
      case java.time.LocalDate day -> day.getYear() >= 1 && day.getYear() <= 9999;
      case java.time.LocalDateTime moment -> moment.getYear() >= 1 && moment.getYear() <= 9999;
      case java.time.Instant instant ->
          instant.atOffset(java.time.ZoneOffset.UTC).getYear() >= 1
              && instant.atOffset(java.time.ZoneOffset.UTC).getYear() <= 9999;
      default -> true;
    };
  }

  private Support compared(Operator operator, List<RemoteExpression> operands) {
    Support support = Support.EXACT;
    for (RemoteExpression operand : operands) {
      Support own =
          switch (operand) {
            case Column column -> compared(operator, column);
            case Literal literal -> supports(literal);
            default -> Support.NONE;
          };
      if (own.compareTo(support) > 0) {
        support = own;
      }
    }
    return support;
  }

  private static Support compared(Operator operator, Column expression) {
    RemoteColumn column = expression.column();
    boolean minds =
        switch (operator) {
          case NOT_EQUAL, DISTINCT, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
          case EQUAL, NOT_DISTINCT -> false;
        };
    if (isNumber(expression)) {
      return Support.EXACT;
    }
    return switch (column.type()) {
      case "BOOLEAN" -> Support.EXACT;
      case "BLOB" -> isBytes(column) ? Support.EXACT : Support.NONE;
      // What is equal by its bytes is equal under every collation; nothing else is sure.
      case "VARCHAR" ->
          MysqlTypes.isExactText(column.nativeType())
              ? Support.EXACT
              : MysqlTypes.isText(column.nativeType()) && !minds ? Support.WIDER : Support.NONE;
      // Days that are none are compared there, and read as NULL or as errors.
      case "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIME" ->
          operator == Operator.DISTINCT || operator == Operator.NOT_DISTINCT
              ? Support.NONE
              : Support.WIDER;
      default -> Support.NONE;
    };
  }

  private static boolean isBytes(RemoteColumn column) {
    return column.nativeType().contains("binary") || column.nativeType().contains("blob");
  }

  private static boolean isDated(String type) {
    return type.equals("DATE") || type.startsWith("TIMESTAMP");
  }

  /**
   * Whether it is read as the number that it is there; years are compared by rules of their own.
   */
  private static boolean isNumber(Column expression) {
    String type = expression.type();
    String nativeType = expression.column().nativeType();
    boolean isWhole = INTEGERS.contains(type) && !MysqlTypes.is(nativeType, "year");
    boolean isFloating = MysqlTypes.is(nativeType, "float") || MysqlTypes.is(nativeType, "double");
    boolean isDecimal =
        type.startsWith("DECIMAL(")
            && nativeType.toUpperCase(java.util.Locale.ROOT).startsWith(type);
    return isWhole || isFloating || isDecimal;
  }

  private static boolean aggregated(Aggregate aggregate) {
    if (aggregate.filter().isPresent()) {
      return false;
    }
    if (aggregate.operand().isEmpty()) {
      return true;
    }
    if (!(aggregate.operand().get() instanceof Column column)) {
      return false;
    }
    return switch (aggregate.function()) {
      case COUNT -> aggregate.distinct() ? isToldApart(column) : !isDated(column.type());
      case MIN, MAX -> isNumber(column);
      // Sums of floating point numbers depend on their order.
      case SUM -> isNumber(column) && isToldApart(column);
      // Means have four decimals more than their operands there.
      case AVG -> false;
    };
  }

  /** Whether equal there is equal here: 0.0 and -0.0 are shown as one of them. */
  private static boolean isToldApart(Column column) {
    return (isNumber(column) && !column.type().equals("DOUBLE") && !column.type().equals("FLOAT"))
        || MysqlTypes.isExactText(column.column().nativeType());
  }

  @Override
  public boolean supports(RemoteFrom.Kind join) {
    return join != RemoteFrom.Kind.FULL;
  }

  @Override
  public boolean orders(RemoteExpression value) {
    return switch (value) {
      case Column column ->
          isNumber(column) || MysqlTypes.isExactText(column.column().nativeType());
      case Aggregate aggregate -> aggregated(aggregate);
      default -> false;
    };
  }

  @Override
  public boolean groups(RemoteExpression value) {
    return value instanceof Column column && isToldApart(column);
  }

  @Override
  public boolean limits() {
    return true;
  }

  @Override
  public boolean subqueries() {
    return false;
  }
}
