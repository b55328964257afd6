package dev.polder.sql.pushdown;

import dev.polder.sql.pushdown.internal.BlockPlanner;

/**
 * Decides whether a query all of whose tables are one source's is asked of that source as a whole.
 * Nothing is asked that the source does not evaluate exactly as DuckDB. Stateless.
 */
public final class BlockPushdown {
  private BlockPushdown() {}

  /**
   * Plans a query.
   *
   * @param answer the SQL name under which the local query will find the source's answer
   */
  public static BlockDecision plan(
      PushdownRequest request, String answer, Unparser unparser, ResultColumns columns) {
    return new BlockPlanner(request, answer, unparser, columns).plan();
  }
}
