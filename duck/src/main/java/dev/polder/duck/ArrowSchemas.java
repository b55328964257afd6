package dev.polder.duck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The Arrow schemas of one instance's results by the columns that DuckDB tells of: the choice is
 * DuckDB's own, so it is asked, but only once. The last used are kept. Thread-safe.
 */
final class ArrowSchemas {
  private static final int KEPT = 1_000;

  private final Map<List<ResultColumn>, Schema> schemas =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<ResultColumn>, Schema> eldest) {
          return size() > KEPT;
        }
      };

  /** The columns' schema, looked up when it is not known. */
  Schema of(List<ResultColumn> columns, Supplier<Schema> look) {
    if (columns.stream().anyMatch(column -> column.duckType().contains("WITH TIME ZONE"))) {
      // Arrow's type names the session's time zone.
      return look.get();
    }
    synchronized (schemas) {
      Schema known = schemas.get(columns);
      if (known != null) {
        return known;
      }
    }
    Schema found = look.get();
    synchronized (schemas) {
      schemas.put(List.copyOf(columns), found);
    }
    return found;
  }
}
