package dev.polder.sql.statement;

import dev.polder.model.DatabaseName;

/** What a grant is on, by its name as written. */
public sealed interface GrantTarget {
  record Database(DatabaseName name) implements GrantTarget {}

  /** A schema, perhaps with its database: one or two parts. */
  record Schema(ObjectName name) implements GrantTarget {}

  /** A table or view. */
  record Collection(ObjectName name) implements GrantTarget {}
}
