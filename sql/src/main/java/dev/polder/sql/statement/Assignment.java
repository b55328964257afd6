package dev.polder.sql.statement;

import java.util.List;

/**
 * {@code column = expression} of an UPDATE or MERGE.
 *
 * @param column the column's path: more than one part names a field of a struct
 * @param expression its text; {@code DEFAULT} is left as written
 */
public record Assignment(List<String> column, SqlText expression) {
  public Assignment {
    column = List.copyOf(column);
  }

  /** Whether the column is to be set to its default. */
  public boolean isDefault() {
    return expression.toString().equalsIgnoreCase("DEFAULT");
  }
}
