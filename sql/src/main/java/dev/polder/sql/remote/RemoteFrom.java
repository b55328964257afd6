package dev.polder.sql.remote;

import java.util.Optional;

/** What a query of a source reads from. Immutable. */
public sealed interface RemoteFrom {
  /**
   * A table.
   *
   * @param id unique in the whole query
   */
  record Table(int id, RemoteTable table) implements RemoteFrom {}

  /**
   * A query in FROM; its outputs are its columns.
   *
   * @param id unique in the whole query
   */
  record Subquery(int id, RemoteQuery query) implements RemoteFrom {}

  /**
   * A join.
   *
   * @param condition empty: every pair of rows
   */
  record Join(Kind kind, RemoteFrom left, RemoteFrom right, Optional<RemoteExpression> condition)
      implements RemoteFrom {}

  enum Kind {
    INNER,
    LEFT,
    RIGHT,
    FULL
  }
}
