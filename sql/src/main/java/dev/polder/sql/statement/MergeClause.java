package dev.polder.sql.statement;

import java.util.Optional;

/** One WHEN of a MERGE; the first whose match and condition hold decides a row. */
public record MergeClause(Match match, Optional<SqlText> condition, MergeAction action) {
  /** Which rows a clause is about. */
  public enum Match {
    MATCHED,
    NOT_MATCHED_BY_TARGET,
    NOT_MATCHED_BY_SOURCE
  }
}
