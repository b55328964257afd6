package dev.polder.sql.statement;

/** Where an INSERT takes its rows from. */
public sealed interface InsertSource {
  /**
   * A query; VALUES is one too.
   *
   * @param hasDefaults true for VALUES with the word DEFAULT in place of an expression
   */
  record Rows(SqlText query, boolean hasDefaults) implements InsertSource {}

  /** {@code DEFAULT VALUES}: one row of defaults. */
  record DefaultValues() implements InsertSource {}
}
