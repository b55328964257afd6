package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.side.BareDuck;
import java.nio.file.Path;
import java.util.List;

/** Files that DuckDB alone reads and writes. Stateless. */
final class BareFiles {
  private BareFiles() {}

  static String select(List<Path> files) {
    return "SELECT * FROM " + BareDuck.parquet(files);
  }

  /** Seconds that DuckDB takes to write a query's rows, compressed as the server does. */
  static double copySeconds(Lab lab, String query, String name) throws Exception {
    Path file = lab.scratch().resolve(name + ".parquet");
    long start = System.nanoTime();
    lab.bare().execute("COPY (" + query + ") TO '" + file + "' (FORMAT parquet, COMPRESSION zstd)");
    return (System.nanoTime() - start) / 1e9;
  }
}
