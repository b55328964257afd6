package dev.polder.sql.statement;

import dev.polder.model.RoleRef;
import java.util.Optional;

/** Row filters and column masks. */
public sealed interface PolicyStatement extends AdminStatement {
  /**
   * CREATE ROW FILTER.
   *
   * @param role whom it binds; empty: everybody
   * @param expression text of a boolean expression over the table's columns
   */
  record CreateRowFilter(
      SqlText text,
      String name,
      boolean orReplace,
      ObjectName table,
      Optional<RoleRef> role,
      SqlText expression)
      implements PolicyStatement {}

  record DropRowFilter(SqlText text, String name, boolean ifExists, ObjectName table)
      implements PolicyStatement {}

  /**
   * CREATE COLUMN MASK.
   *
   * @param role whom it binds; empty: everybody
   * @param expression text of what is shown in the column's place
   */
  record CreateColumnMask(
      SqlText text,
      String name,
      boolean orReplace,
      ObjectName table,
      String column,
      Optional<RoleRef> role,
      SqlText expression)
      implements PolicyStatement {}

  record DropColumnMask(SqlText text, String name, boolean ifExists, ObjectName table)
      implements PolicyStatement {}

  record ShowPolicies(SqlText text, Optional<ObjectName> table) implements PolicyStatement {}
}
