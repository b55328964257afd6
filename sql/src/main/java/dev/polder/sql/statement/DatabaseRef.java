package dev.polder.sql.statement;

import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;

/** How a statement names a database that may have been dropped. Immutable. */
public sealed interface DatabaseRef {
  /** The one of that name, if there is none the last that was dropped under it. */
  record Named(DatabaseName name) implements DatabaseRef {
    @Override
    public String toString() {
      return name.toString();
    }
  }

  /** The one with that number, which is never used again, whatever became of it. */
  record Numbered(DatabaseId id) implements DatabaseRef {
    @Override
    public String toString() {
      return "#" + id;
    }
  }
}
