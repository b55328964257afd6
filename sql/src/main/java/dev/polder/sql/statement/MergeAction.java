package dev.polder.sql.statement;

import java.util.List;
import java.util.Optional;

/** What a MERGE does with a row. */
public sealed interface MergeAction {
  record UpdateSet(List<Assignment> assignments) implements MergeAction {}

  /**
   * {@code UPDATE}, {@code UPDATE SET *}: every column of the target from the source.
   *
   * @param byName by the columns' names rather than their positions
   */
  record UpdateAll(boolean byName) implements MergeAction {}

  record DeleteRow() implements MergeAction {}

  /**
   * {@code INSERT (columns) VALUES (values)}.
   *
   * @param columns empty when the clause names none
   */
  record InsertValues(List<String> columns, List<SqlText> values) implements MergeAction {}

  /**
   * {@code INSERT}, {@code INSERT *}: the whole source row.
   *
   * @param byName by the columns' names rather than their positions
   */
  record InsertAll(boolean byName) implements MergeAction {}

  /** {@code INSERT DEFAULT VALUES}. */
  record InsertDefaults() implements MergeAction {}

  record DoNothing() implements MergeAction {}

  /** {@code ERROR [message]}: the statement fails. */
  record Fail(Optional<SqlText> message) implements MergeAction {}
}
