package dev.polder.sql.analyse;

/**
 * How a function is called. Whether a scalar call is an aggregate or a macro only binding tells.
 */
public enum FunctionKind {
  /** {@code f(x)} in an expression: scalar, aggregate or macro. */
  SCALAR,
  /** {@code a + b}: an operator. */
  OPERATOR,
  /** {@code f(x) OVER …}. */
  WINDOW,
  /** A bare word such as {@code current_user}: a call if no column has this name. */
  VALUE,
  /** {@code FROM f(x)}. */
  TABLE
}
