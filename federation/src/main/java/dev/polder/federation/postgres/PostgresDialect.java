package dev.polder.federation.postgres;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.AggregateFunction;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

/**
 * What PostgreSQL answers as DuckDB would, for every value that can be read. Immutable.
 *
 * @param utf8 whether the database's encoding is UTF-8: in others texts have another order, and the
 *     bytes that "C" compares are others
 */
record PostgresDialect(boolean utf8) implements SourceDialect {
  private static final Set<String> INTEGERS = Set.of("SMALLINT", "INTEGER", "BIGINT");

  /** Types whose values are equal, and ordered, as DuckDB's; floats have NaN equal and greatest. */
  private static final Set<String> COMPARABLE =
      Set.of(
          "BOOLEAN",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT",
          "FLOAT",
          "DOUBLE",
          "DATE",
          "TIME",
          "TIMESTAMP",
          "TIMESTAMP WITH TIME ZONE",
          "UUID",
          "BLOB");

  // Within what both systems' calendars hold, with room for a shift.
  private static final int FIRST_YEAR = -4_700;
  private static final int LAST_YEAR = 200_000;

  @Override
  public Support supports(RemoteExpression expression) {
    return exact(expression) ? Support.EXACT : Support.NONE;
  }

  private boolean exact(RemoteExpression expression) {
    return switch (expression) {
      case RemoteExpression.Column column -> column(column);
      case Literal literal -> literal(literal);
      case RemoteExpression.Comparison(var ignored, var left, var right) ->
          comparable(left.type()) && left.type().equals(right.type());
      case RemoteExpression.And ignored -> true;
      case RemoteExpression.Or ignored -> true;
      case RemoteExpression.Not ignored -> true;
      case RemoteExpression.IsNull ignored -> true;
      case RemoteExpression.In(var operand, var values) ->
          comparable(operand.type()) && values.stream().allMatch(this::literal);
      case RemoteExpression.InQuery(var operand, var query) ->
          comparable(operand.type())
              && query.outputs().getFirst().value().type().equals(operand.type());
      case RemoteExpression.Exists ignored -> true;
      case RemoteExpression.Scalar ignored -> true;
      case RemoteExpression.Like(var operand, var pattern) ->
          text(operand.type()) && pattern.indexOf(0) < 0;
      case RemoteExpression.Arithmetic arithmetic -> arithmetic(arithmetic);
      // Months before days, and the last day of a shorter month: the same. With a time zone the
      // session's would count.
      case RemoteExpression.Shift(var operand, var months, var days, var type) ->
          (operand.type().equals("DATE") || operand.type().equals("TIMESTAMP"))
              && type.equals("TIMESTAMP");
      case RemoteExpression.Case(var whens, var otherwise, var type) ->
          comparable(type)
              && whens.stream().allMatch(when -> when.value().type().equals(type))
              && otherwise.map(value -> value.type().equals(type)).orElse(true);
      case RemoteExpression.Widen(var operand, var type) -> widens(operand.type(), type);
      case RemoteExpression.Call call -> call(call);
      case RemoteExpression.Aggregate aggregate -> aggregate(aggregate);
    };
  }

  /**
   * A number of no known scale is refused by the reader where it does not fit, which no query does.
   */
  private static boolean column(RemoteExpression.Column column) {
    return Decimal.find(column.type())
        .map(decimal ->
            !column.column().nativeType().equals("numeric")
                && column.column().nativeType().startsWith("numeric("))
        .orElse(true);
  }

  private boolean literal(Literal literal) {
    if (!comparable(literal.type())) {
      return false;
    }
    return switch (literal.value()) {
      // No text there holds a zero character.
      case String text -> text.indexOf(0) < 0;
      case LocalDate date -> known(date.getYear());
      case LocalDateTime moment -> known(moment.getYear());
      case Instant instant ->
          instant.compareTo(year(FIRST_YEAR)) > 0 && instant.compareTo(year(LAST_YEAR)) < 0;
      case null, default -> true;
    };
  }

  private static Instant year(int year) {
    return LocalDateTime.of(year, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);
  }

  private static boolean known(int year) {
    return year > FIRST_YEAR && year < LAST_YEAR;
  }

  private boolean comparable(String type) {
    return COMPARABLE.contains(type) || text(type) || type.startsWith("DECIMAL(");
  }

  private boolean text(String type) {
    return utf8 && type.equals("VARCHAR");
  }

  /**
   * Integers overflow at the same width once the operands have it; decimals are exact as long as
   * the result keeps every digit. Floats that overflow are errors there and infinite here; dates
   * may be infinite.
   */
  private static boolean arithmetic(RemoteExpression.Arithmetic arithmetic) {
    if (INTEGERS.contains(arithmetic.type())) {
      return INTEGERS.contains(arithmetic.left().type())
          && INTEGERS.contains(arithmetic.right().type());
    }
    return Decimal.find(arithmetic.type())
        .flatMap(result ->
            Decimal.find(arithmetic.left().type())
                .flatMap(left ->
                    Decimal.find(arithmetic.right().type())
                        .map(right ->
                            result.scale()
                                >= switch (arithmetic.operator()) {
                                  case MULTIPLY -> left.scale() + right.scale();
                                  case ADD, SUBTRACT -> Math.max(left.scale(), right.scale());
                                })))
        .orElse(false);
  }

  private static boolean widens(String from, String to) {
    if (from.equals(to)) {
      return true;
    }
    return switch (to) {
      case "INTEGER" -> from.equals("SMALLINT");
      case "BIGINT" -> from.equals("SMALLINT") || from.equals("INTEGER");
      case "HUGEINT" -> INTEGERS.contains(from);
      case "DOUBLE" ->
          from.equals("FLOAT") || INTEGERS.contains(from) || Decimal.find(from).isPresent();
      case "TIMESTAMP" -> from.equals("DATE");
      default -> Decimal.find(to).map(wide -> holds(wide, from)).orElse(false);
    };
  }

  private static boolean holds(Decimal wide, String from) {
    return switch (from) {
      case "SMALLINT" -> wide.whole() >= 5;
      case "INTEGER" -> wide.whole() >= 10;
      case "BIGINT" -> wide.whole() >= 19;
      default ->
          Decimal.find(from)
              .map(narrow -> wide.whole() >= narrow.whole() && wide.scale() >= narrow.scale())
              .orElse(false);
    };
  }

  private boolean call(RemoteExpression.Call call) {
    List<RemoteExpression> arguments = call.arguments();
    return switch (call.function()) {
      case YEAR, MONTH, DAY ->
          arguments.size() == 1
              && (arguments.getFirst().type().equals("DATE")
                  || arguments.getFirst().type().equals("TIMESTAMP"));
      // Both count code points; a negative length counts backwards in one and fails in the other.
      case SUBSTRING ->
          arguments.size() == 3
              && text(arguments.getFirst().type())
              && atLeast(arguments.get(1), 1)
              && atLeast(arguments.get(2), 0);
      case LENGTH -> text(arguments.getFirst().type());
      case COALESCE, NULLIF ->
          comparable(call.type())
              && arguments.stream().allMatch(argument -> argument.type().equals(call.type()));
      // Whether a NULL makes the result NULL is not said.
      case CONCAT -> false;
    };
  }

  private static boolean atLeast(RemoteExpression argument, long least) {
    return argument instanceof Literal(Long value, var type)
        && value >= least
        && value <= Integer.MAX_VALUE / 2;
  }

  private boolean aggregate(RemoteExpression.Aggregate aggregate) {
    String operand = aggregate.operand().map(RemoteExpression::type).orElse("BIGINT");
    if (aggregate.distinct()
        && aggregate.function() != AggregateFunction.COUNT
        && !groups(operand)) {
      return false;
    }
    return switch (aggregate.function()) {
      case COUNT -> aggregate.type().equals("BIGINT") && (!aggregate.distinct() || groups(operand));
      // The sum of floats depends on the order of the rows.
      case SUM ->
          (INTEGERS.contains(operand) && aggregate.type().equals("HUGEINT"))
              || (Decimal.find(operand).isPresent()
                  && Decimal.find(aggregate.type())
                      .filter(sum -> sum.scale() >= Decimal.of(operand).scale())
                      .isPresent());
      case AVG ->
          aggregate.type().equals("DOUBLE")
              && (INTEGERS.contains(operand) || Decimal.find(operand).isPresent());
      // Of floats -0 and 0 are equal, and either may come.
      case MIN, MAX ->
          aggregate.type().equals(operand)
              && (INTEGERS.contains(operand)
                  || Decimal.find(operand).isPresent()
                  || text(operand)
                  || Set.of("DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE")
                      .contains(operand));
    };
  }

  /** FULL needs a condition that can be merged or hashed. */
  @Override
  public boolean supports(RemoteFrom.Kind join) {
    return switch (join) {
      case INNER, LEFT, RIGHT -> true;
      case FULL -> false;
    };
  }

  @Override
  public boolean orders(RemoteExpression value) {
    return comparable(value.type());
  }

  /** Of floats that are equal, -0 and 0, either may stand for the group. */
  @Override
  public boolean groups(RemoteExpression value) {
    return groups(value.type());
  }

  private boolean groups(String type) {
    return comparable(type) && !type.equals("FLOAT") && !type.equals("DOUBLE");
  }

  @Override
  public boolean limits() {
    return true;
  }

  @Override
  public boolean subqueries() {
    return true;
  }
}
