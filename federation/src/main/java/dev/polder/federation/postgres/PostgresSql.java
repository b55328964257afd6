package dev.polder.federation.postgres;

import dev.polder.federation.sql.SqlQueries;
import dev.polder.federation.sql.UsedColumns;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Arithmetic;
import dev.polder.sql.remote.RemoteExpression.ArithmeticOperator;
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * PostgreSQL's SQL. Every name is qualified and every operator is the system's own, since sessions
 * have an empty search path. Stateless and thread-safe.
 */
final class PostgresSql extends SqlQueries {
  @Override
  public String sourceType(String duckType) {
    if (duckType.endsWith("[]")) {
      return sourceType(duckType.substring(0, duckType.length() - 2)) + "[]";
    }
    if (duckType.startsWith("DECIMAL(")) {
      return "numeric" + duckType.substring("DECIMAL".length());
    }
    return switch (duckType) {
      case "BOOLEAN" -> "bool";
      case "TINYINT", "SMALLINT" -> "int2";
      case "INTEGER" -> "int4";
      case "BIGINT" -> "int8";
      case "HUGEINT" -> "numeric";
      case "FLOAT" -> "float4";
      case "DOUBLE" -> "float8";
      case "DATE" -> "date";
      case "TIME" -> "time";
      case "TIMESTAMP" -> "timestamp";
      case "TIMESTAMP WITH TIME ZONE" -> "timestamptz";
      case "INTERVAL" -> "interval";
      case "UUID" -> "uuid";
      case "BLOB" -> "bytea";
      default -> "text";
    };
  }

  /**
   * A scan of some pages of its table.
   *
   * @param to the first page that is not read; negative: to the end
   */
  String pages(RemoteQuery query, long from, long to) {
    if (!(query.from().orElseThrow() instanceof RemoteFrom.Table(var id, var table))) {
      throw new IllegalArgumentException("only a table has pages");
    }
    String place = relation(id) + ".ctid";
    List<String> range = new ArrayList<>();
    range.add(place + " >= '(" + from + ",0)'::tid");
    if (to >= 0) {
      range.add(place + " < '(" + to + ",0)'::tid");
    }
    return query(query, range);
  }

  @Override
  protected String cast(String value, String sourceType) {
    return "(" + value + ")::" + sourceType;
  }

  @Override
  protected String binary(byte[] bytes) {
    return "'\\x" + HexFormat.of().formatHex(bytes) + "'::bytea";
  }

  /**
   * As the engine reads it: what it reads as text, or as DOUBLE, is that here too. A collation that
   * is not the database's may call different texts equal, so it is replaced.
   */
  @Override
  protected String column(RemoteExpression.Column column) {
    String name = super.column(column);
    String type = column.type();
    if (type.equals("VARCHAR")) {
      String text = name + "::text";
      return PostgresType.collated(column.column().nativeType())
          ? "(" + text + " COLLATE \"C\")"
          : text;
    }
    return type.equals("DOUBLE") ? name + "::float8" : name;
  }

  /** Types that travel as text; a number read as decimal is not rounded to it but refused. */
  @Override
  protected String output(String text, RemoteExpression value) {
    String type = value.type();
    if (type.equals("HUGEINT")) {
      return cast(text, "text");
    }
    return value instanceof RemoteExpression.Column && type.startsWith("DECIMAL(")
        ? cast(text, type.endsWith("[]") ? "numeric[]" : "numeric")
        : super.output(text, value);
  }

  /** Text is compared by bytes; equality is that of bytes in the database's own collation too. */
  @Override
  protected String comparison(RemoteExpression.Comparison comparison) {
    boolean ordered =
        switch (comparison.operator()) {
          case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
          case EQUAL, NOT_EQUAL, NOT_DISTINCT, DISTINCT -> false;
        };
    Operator operator = comparison.operator();
    return '('
        + (ordered ? ordered(comparison.left()) : expression(comparison.left()))
        + operator(operator)
        + expression(comparison.right())
        + ')';
  }

  private String ordered(RemoteExpression value) {
    return bytewise(expression(value), value);
  }

  private static String bytewise(String text, RemoteExpression value) {
    return value.type().equals("VARCHAR") ? "(" + text + " COLLATE \"C\")" : text;
  }

  @Override
  protected String order(String value, RemoteQuery.Order order) {
    return super.order(bytewise(value, order.value()), order);
  }

  /** A backslash escapes nothing. */
  @Override
  protected String like(RemoteExpression.Like like) {
    return '('
        + expression(like.operand())
        + " LIKE "
        + text(like.pattern())
        + (like.pattern().contains("\\") ? " ESCAPE '')" : ")");
  }

  /** numeric knows no overflow, so a result that might not fit its type is made to. */
  @Override
  protected String arithmetic(Arithmetic arithmetic) {
    if (!arithmetic.type().startsWith("DECIMAL(")) {
      return super.arithmetic(arithmetic);
    }
    String value =
        '('
            + expression(arithmetic.left())
            + operator(arithmetic.operator())
            + expression(arithmetic.right())
            + ')';
    return fits(arithmetic) ? value : cast(value, sourceType(arithmetic.type()));
  }

  private static boolean fits(Arithmetic arithmetic) {
    Decimal result = Decimal.of(arithmetic.type());
    Decimal left = Decimal.of(arithmetic.left().type());
    Decimal right = Decimal.of(arithmetic.right().type());
    int scale =
        arithmetic.operator() == ArithmeticOperator.MULTIPLY
            ? left.scale() + right.scale()
            : Math.max(left.scale(), right.scale());
    int whole =
        arithmetic.operator() == ArithmeticOperator.MULTIPLY
            ? left.whole() + right.whole()
            : Math.max(left.whole(), right.whole()) + 1;
    return result.scale() >= scale && result.whole() >= whole;
  }

  @Override
  protected String shift(RemoteExpression.Shift shift) {
    return cast(
        "("
            + expression(shift.operand())
            + " + interval '"
            + shift.months()
            + " months "
            + shift.days()
            + " days')",
        sourceType(shift.type()));
  }

  /** DuckDB has no part of an infinite date, and a year 0 where there is 1 BC here. */
  @Override
  protected String part(String part, RemoteExpression.Call call) {
    String value = expression(call.arguments().getFirst());
    String extracted = "extract(" + part + " FROM " + value + ")::int8";
    return "(CASE WHEN isfinite("
        + value
        + ") THEN "
        + extracted
        + (part.equals("YEAR") ? " + (" + value + " < '0001-01-01')::int4" : "")
        + " END)";
  }

  @Override
  protected String aggregate(RemoteExpression.Aggregate aggregate) {
    RemoteExpression.AggregateFunction function = aggregate.function();
    return switch (function) {
      case COUNT, SUM -> super.aggregate(aggregate);
      case MIN, MAX ->
          aggregate.type().equals("VARCHAR")
              ? function
                  + "("
                  + ordered(aggregate.operand().orElseThrow())
                  + ')'
                  + filter(aggregate)
              : super.aggregate(aggregate);
      case AVG -> mean(aggregate);
    };
  }

  /** Divided to so many digits that the nearest floating point number is the mean's own. */
  private String mean(RemoteExpression.Aggregate aggregate) {
    String of =
        (aggregate.distinct() ? "(DISTINCT " : "(")
            + expression(aggregate.operand().orElseThrow())
            + ')'
            + filter(aggregate);
    return "((sum" + of + " + 0." + "0".repeat(60) + ") / count" + of + ")::float8";
  }

  /**
   * Arrays of another type than expected do not compare. The planner drops the condition before it
   * looks at the table, so it costs no time.
   */
  @Override
  protected List<String> assertions(List<UsedColumns> used) {
    return used.stream()
        .filter(table -> !table.columns().isEmpty())
        .map(table ->
            table.columns().stream()
                .map(column ->
                    "array_larger(ARRAY[g."
                        + identifier(column.name())
                        + "], NULL::"
                        + PostgresType.uncollated(column.nativeType())
                        + "[]) IS NULL")
                .collect(
                    Collectors.joining(
                        " OR ",
                        "(TRUE OR EXISTS (SELECT FROM " + table(table.table()) + " AS g WHERE ",
                        "))")))
        .toList();
  }
}
