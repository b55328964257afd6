package dev.polder.sql.remote;

/** How well a source evaluates an expression. */
public enum Support {
  /** As DuckDB does, for every value the source can hold. */
  EXACT,
  /**
   * As a condition it holds for every row for which DuckDB's holds, and perhaps for more: good to
   * read fewer rows when the engine checks again.
   */
  WIDER,
  /** Not at all, or not surely the same. */
  NONE
}
