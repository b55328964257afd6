package dev.polder.sql.analyse;

import java.util.List;

/**
 * A condition on one column of one table reference that holds for every row of it that can matter
 * to the result: files without such rows need not be read.
 *
 * @param table index into {@link Analysis#tables()}
 * @param column path of the column as written: more than one part names a field of a struct
 */
public record PruneConjunct(int table, List<String> column, Condition condition) {
  /** What the condition says. */
  public sealed interface Condition {
    record Comparison(Operator operator, Operand operand) implements Condition {}

    record In(List<Operand> operands) implements Condition {}

    record Between(Operand low, Operand high) implements Condition {}

    record IsNull() implements Condition {}

    record IsNotNull() implements Condition {}

    /** {@code LIKE 'prefix%…'}, {@code starts_with}, {@code ^@}: the value starts with it. */
    record StartsWith(String prefix) implements Condition {}
  }

  /** A comparison, the column on its left. */
  public enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }

  /** The other side of a comparison. */
  public sealed interface Operand {
    /** A constant expression; the text of {@code span} is SQL without any column or function. */
    record Literal(Span span) implements Operand {}

    /** A parameter by its name. */
    record Parameter(String name) implements Operand {}
  }
}
