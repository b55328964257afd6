package dev.polder.sql.statement;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One change of an ALTER TABLE. Columns are paths: more than one part names a field of a struct.
 */
public sealed interface TableChange {
  /**
   * ADD COLUMN; the definition's name is the last part of {@code path}.
   *
   * @param position where to put it; empty for the end
   */
  record AddColumn(
      List<String> path,
      ColumnDefinition column,
      boolean ifNotExists,
      Optional<ColumnPosition> position)
      implements TableChange {}

  record DropColumn(List<String> path, boolean ifExists) implements TableChange {}

  record RenameColumn(List<String> path, String newName) implements TableChange {}

  record SetType(List<String> path, TypeName type) implements TableChange {}

  record SetNotNull(List<String> path) implements TableChange {}

  record DropNotNull(List<String> path) implements TableChange {}

  record SetDefault(List<String> path, SqlText value) implements TableChange {}

  record DropDefault(List<String> path) implements TableChange {}

  record SetColumnComment(List<String> path, Optional<String> comment) implements TableChange {}

  record MoveColumn(List<String> path, ColumnPosition position) implements TableChange {}

  /** RENAME TO: within the same schema. */
  record Rename(String newName) implements TableChange {}

  record SetSchema(String schema) implements TableChange {}

  record SetProperties(Map<String, String> properties) implements TableChange {}

  record ResetProperties(List<String> keys) implements TableChange {}

  record AddPartitionField(PartitionField field) implements TableChange {}

  record DropPartitionField(PartitionField field) implements TableChange {}

  /** SET PARTITIONED BY (…), RESET PARTITIONED BY: replaces the whole specification. */
  record SetPartitioning(List<PartitionField> fields) implements TableChange {}
}
