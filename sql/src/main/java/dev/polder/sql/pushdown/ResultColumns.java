package dev.polder.sql.pushdown;

import java.util.List;

/** Describes queries where the user's text can be bound, without running them. */
@FunctionalInterface
public interface ResultColumns {
  /** The columns of the result; empty when DuckDB refuses the query. */
  List<OutputColumn> of(String sql);
}
