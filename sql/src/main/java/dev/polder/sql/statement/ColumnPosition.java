package dev.polder.sql.statement;

/** Where a column is put. */
public sealed interface ColumnPosition {
  record First() implements ColumnPosition {}

  /** After its sibling of this name. */
  record After(String column) implements ColumnPosition {}
}
