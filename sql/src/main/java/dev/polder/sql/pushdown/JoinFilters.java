package dev.polder.sql.pushdown;

import dev.polder.sql.pushdown.internal.JoinFilterPlanner;
import dev.polder.sql.pushdown.internal.KeyConditions;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the rows of a remote reference matter only if a column of theirs equals a key of
 * another item: in equi-joins that drop or pad the other rows, and in {@code IN (SELECT …)}.
 * Stateless.
 */
public final class JoinFilters {
  /** More keys than these become a range. */
  public static final int MOST_KEYS = 2_000;

  private JoinFilters() {}

  /** The filters of all remote references of a query. */
  public static List<JoinFilter> plan(PushdownRequest request, Unparser unparser) {
    return new JoinFilterPlanner(request, unparser).plan();
  }

  /**
   * What the keys say of the column: one of them, or between the least and the greatest.
   *
   * @param keys as DuckDB gave them; NULLs match nothing
   * @return empty when the keys' type is not surely compared as the column's
   */
  public static Optional<RemoteExpression> condition(
      RemoteColumn column, List<? extends @Nullable Object> keys) {
    return KeyConditions.of(column, keys, MOST_KEYS);
  }
}
