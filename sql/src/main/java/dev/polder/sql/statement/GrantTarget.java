package dev.polder.sql.statement;

import dev.polder.model.DatabaseName;

/** What a grant is on, by its name as written. */
public sealed interface GrantTarget {
  record Database(DatabaseName name) implements GrantTarget {}

  /** A schema, perhaps with its database: one or two parts. */
  record Schema(ObjectName name) implements GrantTarget {}

  /** A table or view, also of a source. */
  record Collection(ObjectName name) implements GrantTarget {}

  /** A source as a whole. */
  record Source(String alias) implements GrantTarget {}

  /** Without a word that says what it is: a table or view, a source, or what is in one. */
  record Named(ObjectName name) implements GrantTarget {}
}
