package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.RemoteExpression;

/** An operand of an operator, before DuckDB's casts. */
sealed interface Operand {
  record Fixed(Constant constant) implements Operand {}

  record Varying(RemoteExpression value) implements Operand {}

  /** Its value in its own type. */
  default RemoteExpression expression() {
    return switch (this) {
      case Fixed(var constant) -> {
        if (constant.type().equals(DuckTypes.INTERVAL)) {
          throw new NotPushed("an interval as a value");
        }
        yield new RemoteExpression.Literal(constant.value(), constant.type());
      }
      case Varying(var value) -> value;
    };
  }

  default String type() {
    return switch (this) {
      case Fixed(var constant) -> constant.type();
      case Varying(var value) -> value.type();
    };
  }

  /** SQL of the same type, to ask DuckDB for the type of what is made of it. */
  default String sample() {
    return switch (this) {
      case Fixed(var constant) -> constant.sql();
      case Varying(var value) -> Folding.sample(value.type());
    };
  }

  /** Whether it is a plain text, which becomes of the other operands' type. */
  default boolean isString() {
    return this instanceof Fixed(var constant) && constant.isString();
  }
}
