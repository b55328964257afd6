package dev.polder.server.suite.differential;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query of the corpus.
 *
 * @param ordered whether the query itself orders its rows
 */
record Question(
    String file, String name, String sql, List<@Nullable Object> parameters, boolean ordered) {
  @Override
  public String toString() {
    return file + ": " + name;
  }
}
