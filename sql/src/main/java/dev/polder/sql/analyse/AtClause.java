package dev.polder.sql.analyse;

import java.util.Optional;

/**
 * {@code AT (unit => value)}.
 *
 * @param span of the whole clause, from {@code AT} to its closing parenthesis
 */
public record AtClause(Unit unit, AtValue value, Optional<Span> span) {
  /** What the value counts. */
  public enum Unit {
    TIMESTAMP,
    VERSION
  }
}
