package dev.polder.sql.remote;

/**
 * What one source can be asked. Everything here is about the one node given: the caller asks for
 * its operands, and for the parts of subqueries, by themselves. Thread-safe.
 */
public interface SourceDialect {
  /** Whether the source evaluates this expression; its operands are supported exactly. */
  Support supports(RemoteExpression expression);

  /** Whether this join means the same there; both sides and the condition are supported. */
  boolean supports(RemoteFrom.Kind join);

  /** Whether ordering by values of this type, with NULLs at either end, is DuckDB's order. */
  boolean orders(RemoteExpression value);

  /** Whether grouping by and DISTINCT on these values tell apart what DuckDB tells apart. */
  boolean groups(RemoteExpression value);

  /** Whether LIMIT and OFFSET are known. */
  boolean limits();

  /** Whether subqueries in FROM, EXISTS, IN and as values are known. */
  boolean subqueries();
}
