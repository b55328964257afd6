package dev.polder.sql.statement;

import java.util.Optional;

/** BEGIN, START TRANSACTION. */
public record Begin(SqlText text, boolean readOnly, Optional<Isolation> isolation)
    implements SessionStatement {
  /** The isolation levels that can be asked for; the weaker ones are served as {@code SNAPSHOT}. */
  public enum Isolation {
    SNAPSHOT,
    SERIALIZABLE
  }
}
