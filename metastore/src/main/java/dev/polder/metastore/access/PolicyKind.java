package dev.polder.metastore.access;

/** What a policy does to what its holders read. */
public enum PolicyKind {
  /** Only rows for which the expression is true are there. */
  ROW_FILTER,
  /** The column's value is the expression's. */
  COLUMN_MASK
}
