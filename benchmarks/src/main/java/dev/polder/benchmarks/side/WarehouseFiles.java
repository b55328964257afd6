package dev.polder.benchmarks.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Parquet files that the server wrote for a table, so that DuckDB alone reads the very
 * same ones. A table is told from others by the name of its first column. Stateless.
 */
public final class WarehouseFiles {
  private WarehouseFiles() {}

  /** All files of the table, which has to have been appended to only. */
  public static List<Path> of(Path warehouse, String firstColumn, BareDuck duck)
      throws IOException, SQLException {
    List<Path> candidates;
    try (var files = Files.walk(warehouse)) {
      candidates = files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
    List<Path> found = new ArrayList<>();
    @Nullable Path table = null;
    for (Path file : candidates) {
      Path home = file.getParent();
      if (table != null && table.equals(home)) {
        found.add(file);
      } else if (table == null && duck.firstColumn(file).equals(firstColumn)) {
        table = home;
        found.add(file);
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "no data file under " + warehouse + " begins with column " + firstColumn);
    }
    return found;
  }
}
