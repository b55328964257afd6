package dev.polder.sql.pushdown.internal;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The value of an expression without columns.
 *
 * @param value as {@code RemoteExpression.Literal} has it
 * @param type DuckDB's name of the type; {@code INTERVAL} has its text as value
 * @param sql the expression, made of checked parts alone
 * @param bare whether it is a plain literal or parameter, whose type yields to the other side's
 */
record Constant(Object value, String type, String sql, boolean bare) {
  boolean isString() {
    return bare && type.equals(DuckTypes.VARCHAR);
  }

  /** The value of an exact number. */
  BigDecimal number() {
    return switch (value) {
      case Long number -> BigDecimal.valueOf(number);
      case BigInteger number -> new BigDecimal(number);
      case BigDecimal number -> number;
      default -> throw new NotPushed("a constant of type " + type + " where a number is wanted");
    };
  }
}
