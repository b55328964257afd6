package dev.polder.federation.sql;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Expressions of a dialect of SQL, each in parentheses where it could be taken apart. A dialect
 * overrides the nodes that it writes differently. Implementations are stateless and thread-safe.
 */
public abstract class SqlExpressions extends SqlValues {
  /** A query within another. */
  protected abstract String subquery(RemoteQuery query);

  /** The name of a relation of the query. */
  protected static String relation(int id) {
    return "t" + id;
  }

  /** An expression of any kind. */
  public String expression(RemoteExpression expression) {
    return switch (expression) {
      case RemoteExpression.Column column -> column(column);
      case RemoteExpression.Literal literal -> literal(literal);
      case RemoteExpression.Comparison comparison -> comparison(comparison);
      case RemoteExpression.And(var operands) -> joined(operands, " AND ");
      case RemoteExpression.Or(var operands) -> joined(operands, " OR ");
      case RemoteExpression.Not(var operand) -> "(NOT " + expression(operand) + ')';
      case RemoteExpression.IsNull(var operand) -> '(' + expression(operand) + " IS NULL)";
      case RemoteExpression.In in -> in(in);
      case RemoteExpression.InQuery(var operand, var query) ->
          '(' + expression(operand) + " IN (" + subquery(query) + "))";
      case RemoteExpression.Exists(var query) -> "EXISTS (" + subquery(query) + ')';
      case RemoteExpression.Scalar(var query) -> '(' + subquery(query) + ')';
      case RemoteExpression.Like like -> like(like);
      case RemoteExpression.Arithmetic arithmetic -> arithmetic(arithmetic);
      case RemoteExpression.Shift shift -> shift(shift);
      case RemoteExpression.Case branches -> branches(branches);
      case RemoteExpression.Widen(var operand, var type) ->
          cast(expression(operand), sourceType(type));
      case RemoteExpression.Call call -> call(call);
      case RemoteExpression.Aggregate aggregate -> aggregate(aggregate);
    };
  }

  /** A column as a value of DuckDB's type for it. */
  protected String column(RemoteExpression.Column column) {
    return relation(column.relation()) + '.' + identifier(column.column().name());
  }

  protected String comparison(RemoteExpression.Comparison comparison) {
    return '('
        + expression(comparison.left())
        + operator(comparison.operator())
        + expression(comparison.right())
        + ')';
  }

  protected String operator(RemoteExpression.Operator operator) {
    return switch (operator) {
      case EQUAL -> " = ";
      case NOT_EQUAL -> " <> ";
      case LESS -> " < ";
      case LESS_OR_EQUAL -> " <= ";
      case GREATER -> " > ";
      case GREATER_OR_EQUAL -> " >= ";
      case NOT_DISTINCT -> " IS NOT DISTINCT FROM ";
      case DISTINCT -> " IS DISTINCT FROM ";
    };
  }

  protected String in(RemoteExpression.In in) {
    return '(' + expression(in.operand()) + " IN (" + list(in.values()) + "))";
  }

  protected String like(RemoteExpression.Like like) {
    return '(' + expression(like.operand()) + " LIKE " + text(like.pattern()) + ')';
  }

  /** Operands become the result's type first, so that what overflows it fails. */
  protected String arithmetic(RemoteExpression.Arithmetic arithmetic) {
    String type = sourceType(arithmetic.type());
    return '('
        + cast(expression(arithmetic.left()), type)
        + operator(arithmetic.operator())
        + cast(expression(arithmetic.right()), type)
        + ')';
  }

  protected static String operator(RemoteExpression.ArithmeticOperator operator) {
    return switch (operator) {
      case ADD -> " + ";
      case SUBTRACT -> " - ";
      case MULTIPLY -> " * ";
    };
  }

  protected String shift(RemoteExpression.Shift shift) {
    String moved =
        '('
            + expression(shift.operand())
            + " + INTERVAL '"
            + shift.months()
            + "' MONTH + INTERVAL '"
            + shift.days()
            + "' DAY)";
    return cast(moved, sourceType(shift.type()));
  }

  protected String branches(RemoteExpression.Case branches) {
    StringBuilder out = new StringBuilder("CASE");
    for (RemoteExpression.When when : branches.whens()) {
      out.append(" WHEN ")
          .append(expression(when.condition()))
          .append(" THEN ")
          .append(expression(when.value()));
    }
    branches.otherwise().ifPresent(value -> out.append(" ELSE ").append(expression(value)));
    return out.append(" END").toString();
  }

  protected String call(RemoteExpression.Call call) {
    List<RemoteExpression> arguments = call.arguments();
    return switch (call.function()) {
      case YEAR -> part("YEAR", call);
      case MONTH -> part("MONTH", call);
      case DAY -> part("DAY", call);
      case SUBSTRING ->
          "SUBSTRING("
              + expression(arguments.get(0))
              + " FROM "
              + expression(arguments.get(1))
              + " FOR "
              + expression(arguments.get(2))
              + ')';
      case LENGTH -> cast("CHAR_LENGTH(" + list(arguments) + ')', sourceType(call.type()));
      case COALESCE -> "COALESCE(" + list(arguments) + ')';
      case NULLIF -> "NULLIF(" + list(arguments) + ')';
      case CONCAT -> "CONCAT(" + list(arguments) + ')';
    };
  }

  /** A part of a date or timestamp. */
  protected String part(String part, RemoteExpression.Call call) {
    return cast(
        "EXTRACT(" + part + " FROM " + expression(call.arguments().getFirst()) + ')',
        sourceType(call.type()));
  }

  protected String aggregate(RemoteExpression.Aggregate aggregate) {
    String operand = aggregate.operand().map(this::expression).orElse("*");
    String call =
        aggregate.function().name()
            + '('
            + (aggregate.distinct() ? "DISTINCT " : "")
            + operand
            + ')'
            + filter(aggregate);
    return cast(call, sourceType(aggregate.type()));
  }

  protected String filter(RemoteExpression.Aggregate aggregate) {
    return aggregate
        .filter()
        .map(filter -> " FILTER (WHERE " + expression(filter) + ')')
        .orElse("");
  }

  protected String list(List<? extends RemoteExpression> expressions) {
    return expressions.stream().map(this::expression).collect(Collectors.joining(", "));
  }

  private String joined(List<RemoteExpression> operands, String by) {
    return operands.stream().map(this::expression).collect(Collectors.joining(by, "(", ")"));
  }
}
