package dev.polder.sql.remote;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An expression that a source is to evaluate, with DuckDB's meaning: the types are DuckDB's, NULL
 * behaves as in SQL, text is compared by its UTF-8 bytes, integer and decimal arithmetic fails
 * where it overflows its type. A connector that cannot promise the same says so through {@link
 * SourceDialect#supports}. Immutable.
 */
public sealed interface RemoteExpression {
  /** DuckDB's name of the type. */
  String type();

  /**
   * A column of a table of the FROM clause.
   *
   * @param relation {@link RemoteFrom.Table#id} or {@link RemoteFrom.Subquery#id}, unique in the
   *     whole query: one of an outer query makes the subquery correlated
   */
  record Column(int relation, RemoteColumn column) implements RemoteExpression {
    @Override
    public String type() {
      return column.type();
    }
  }

  /**
   * A constant.
   *
   * @param value null, Boolean, Long, BigInteger, BigDecimal, Double, String, LocalDate, LocalTime,
   *     LocalDateTime, Instant (with time zone), UUID or {@code byte[]}, as the type wants
   */
  record Literal(@Nullable Object value, String type) implements RemoteExpression {}

  /** Of two operands of one type. */
  record Comparison(Operator operator, RemoteExpression left, RemoteExpression right)
      implements RemoteExpression {
    @Override
    public String type() {
      return "BOOLEAN";
    }
  }

  enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    NOT_DISTINCT,
    DISTINCT
  }

  /** All of them hold. */
  record And(List<RemoteExpression> operands) implements RemoteExpression {
    public And {
      operands = List.copyOf(operands);
    }

    @Override
    public String type() {
      return "BOOLEAN";
    }
  }

  /** One of them holds. */
  record Or(List<RemoteExpression> operands) implements RemoteExpression {
    public Or {
      operands = List.copyOf(operands);
    }

    @Override
    public String type() {
      return "BOOLEAN";
    }
  }

  record Not(RemoteExpression operand) implements RemoteExpression {
    @Override
    public String type() {
      return "BOOLEAN";
    }
  }

  record IsNull(RemoteExpression operand) implements RemoteExpression {
    @Override
    public String type() {
      return "BOOLEAN";
    }
  }

  /** The operand equals one of the values, which have its type; at least one, none of them NULL. */
  record In(RemoteExpression operand, List<Literal> values) implements RemoteExpression {
    public In {
      values = List.copyOf(values);
    }

    @Override
    public String type() {
      return "BOOLEAN";
    }
  }

  /** The operand equals a value of the query's only column; NULL as SQL has it. */
  record InQuery(RemoteExpression operand, RemoteQuery query) implements RemoteExpression {
    @Override
    public String type() {
      return "BOOLEAN";
    }
  }

  record Exists(RemoteQuery query) implements RemoteExpression {
    @Override
    public String type() {
      return "BOOLEAN";
    }
  }

  /** The only value of a query of at most one row; NULL when it has none. */
  record Scalar(RemoteQuery query) implements RemoteExpression {
    @Override
    public String type() {
      return query.outputs().getFirst().value().type();
    }
  }

  /** LIKE with the usual wildcards and no escape character. */
  record Like(RemoteExpression operand, String pattern) implements RemoteExpression {
    @Override
    public String type() {
      return "BOOLEAN";
    }
  }

  /**
   * Arithmetic on integers, decimals, floating point numbers or dates.
   *
   * @param type the result's, as DuckDB has it for these operands
   */
  record Arithmetic(
      ArithmeticOperator operator, RemoteExpression left, RemoteExpression right, String type)
      implements RemoteExpression {}

  enum ArithmeticOperator {
    ADD,
    SUBTRACT,
    MULTIPLY
  }

  /** A date or timestamp plus a number of months and days, each possibly negative. */
  record Shift(RemoteExpression operand, int months, int days, String type)
      implements RemoteExpression {}

  /** CASE WHEN; no ELSE gives NULL. */
  record Case(List<When> whens, Optional<RemoteExpression> otherwise, String type)
      implements RemoteExpression {
    public Case {
      whens = List.copyOf(whens);
    }
  }

  record When(RemoteExpression condition, RemoteExpression value) {}

  /**
   * A cast that cannot fail and loses nothing, such as INTEGER to BIGINT; to DOUBLE it gives the
   * nearest value.
   */
  record Widen(RemoteExpression operand, String type) implements RemoteExpression {}

  record Call(Function function, List<RemoteExpression> arguments, String type)
      implements RemoteExpression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** Scalar functions. */
  enum Function {
    /** Of a DATE or TIMESTAMP without time zone: BIGINT. */
    YEAR,
    MONTH,
    DAY,
    /** {@code substring(text, from, length)} by characters; from is at least 1. */
    SUBSTRING,
    /** Of characters: BIGINT. */
    LENGTH,
    COALESCE,
    NULLIF,
    CONCAT
  }

  /**
   * An aggregate.
   *
   * @param operand empty for {@code count(*)} alone
   * @param filter rows for which it does not hold are left out
   */
  record Aggregate(
      AggregateFunction function,
      Optional<RemoteExpression> operand,
      boolean distinct,
      Optional<RemoteExpression> filter,
      String type)
      implements RemoteExpression {}

  enum AggregateFunction {
    COUNT,
    SUM,
    MIN,
    MAX,
    /** Of numbers: the DOUBLE nearest to the mean. */
    AVG
  }
}
