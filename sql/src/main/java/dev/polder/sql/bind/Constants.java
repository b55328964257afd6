package dev.polder.sql.bind;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates constant expressions as DuckDB does, under the session's time zone. Used by one
 * statement at a time.
 */
@FunctionalInterface
public interface Constants {
  /**
   * The value of an expression without columns.
   *
   * @param expression SQL of literals only; {@code ?} stands for the parameters
   * @return null for NULL, and for what cannot be evaluated
   */
  @Nullable Object evaluate(String expression, List<? extends @Nullable Object> parameters);
}
