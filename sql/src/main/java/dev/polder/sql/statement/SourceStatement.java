package dev.polder.sql.statement;

import dev.polder.model.DatabaseName;
import java.util.Optional;

/** Sources: what is attached. They are made and changed by other doors than SQL. */
public sealed interface SourceStatement extends AdminStatement {
  /**
   * SHOW SOURCES.
   *
   * @param database empty: the session's
   */
  record ShowSources(SqlText text, Optional<DatabaseName> database) implements SourceStatement {}
}
