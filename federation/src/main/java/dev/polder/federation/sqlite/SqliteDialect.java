package dev.polder.federation.sqlite;

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
import java.util.stream.Stream;

/**
 * What SQLite surely means as DuckDB does: comparisons of columns with constants. Where a column
 * may hold values of other types the engine looks at the rows again, and finds those. Thread-safe.
 *
 * @param isUtf8 whether the file keeps text in UTF-8, whose bytes text is compared by
 */
record SqliteDialect(boolean isUtf8) implements SourceDialect {
  @Override
  public Support supports(RemoteExpression expression) {
    return switch (expression) {
      case Column ignored -> Support.EXACT;
      case Literal literal ->
          !(literal.value() instanceof Double number) || SqliteSql.isWritable(number)
              ? Support.EXACT
              : Support.NONE;
      case RemoteExpression.And ignored -> Support.EXACT;
      case RemoteExpression.Or ignored -> Support.EXACT;
      case RemoteExpression.Not(Column column) when !SqliteTypes.isEnforced(column.column()) ->
          Support.NONE;
      case RemoteExpression.Not ignored -> Support.EXACT;
      case RemoteExpression.IsNull(Column ignored) -> Support.EXACT;
      case RemoteExpression.IsNull ignored -> Support.NONE;
      case Comparison(var operator, var left, var right) ->
          compared(operator, List.of(left, right));
      case In(var operand, var values) ->
          compared(Operator.EQUAL, Stream.concat(Stream.of(operand), values.stream()).toList());
      // Without regard to the case of ASCII letters.
      case Like(Column column, var ignored) ->
          SqliteTypes.isStoredAsText(column.column()) ? Support.WIDER : Support.NONE;
      case Aggregate aggregate -> aggregated(aggregate);
      default -> Support.NONE;
    };
  }

  private Support compared(Operator operator, List<RemoteExpression> operands) {
    boolean isEquality =
        switch (operator) {
          case EQUAL, NOT_EQUAL, DISTINCT, NOT_DISTINCT -> true;
          case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> false;
        };
    Support support = Support.EXACT;
    for (RemoteExpression operand : operands) {
      if (!(operand instanceof Literal literal
          ? supports(literal) == Support.EXACT
          : operand instanceof Column column && isComparable(column, isEquality))) {
        return Support.NONE;
      }
      if (operand instanceof Column column && !SqliteTypes.isEnforced(column.column())) {
        support = Support.WIDER;
      }
    }
    return support;
  }

  private boolean isComparable(Column column, boolean isEquality) {
    return switch (column.type()) {
      case "BIGINT", "DOUBLE", "BOOLEAN", "BLOB" -> true;
      case "VARCHAR" -> SqliteTypes.isStoredAsText(column.column()) && (isUtf8 || isEquality);
      // One moment can be written in several ways.
      default -> false;
    };
  }

  private Support aggregated(Aggregate aggregate) {
    boolean isKnown =
        aggregate.filter().isEmpty()
            && switch (aggregate.function()) {
              case COUNT ->
                  aggregate.operand().isEmpty()
                      || (aggregate.operand().get() instanceof Column column
                          && (!aggregate.distinct() || isSure(column)));
              case MIN, MAX ->
                  aggregate.operand().isPresent()
                      && aggregate.operand().get() instanceof Column column
                      && isSure(column);
              // Sums of integers fail where DuckDB's do not.
              case SUM, AVG -> false;
            };
    return isKnown ? Support.EXACT : Support.NONE;
  }

  /** Whether its values are told apart and ordered as DuckDB does. */
  private boolean isSure(RemoteExpression value) {
    return value instanceof Column column
        && SqliteTypes.isEnforced(column.column())
        && (column.type().equals("BIGINT") || (column.type().equals("VARCHAR") && isUtf8));
  }

  @Override
  public boolean supports(RemoteFrom.Kind join) {
    return false;
  }

  @Override
  public boolean orders(RemoteExpression value) {
    return isSure(value);
  }

  @Override
  public boolean groups(RemoteExpression value) {
    return isSure(value);
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
