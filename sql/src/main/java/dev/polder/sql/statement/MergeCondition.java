package dev.polder.sql.statement;

import java.util.List;

/** How a MERGE pairs the rows of target and source. */
public sealed interface MergeCondition {
  /** {@code ON expression}. */
  record On(SqlText expression) implements MergeCondition {}

  /** {@code USING (columns)}: columns of one name in both. */
  record Using(List<String> columns) implements MergeCondition {}
}
