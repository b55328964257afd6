package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.side.ServerSettings;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;

/**
 * How much is measured. Immutable.
 *
 * @param home the repository
 * @param directory where data is made; what is made anew each time is removed at the end
 * @param scaleFactor of TPC-H
 * @param runs timed runs of each side
 * @param streamRows rows of the large result
 * @param commits small commits under the point query
 * @param insertRows rows of the large INSERT … SELECT
 * @param seconds how long each run of a rate lasts
 * @param tables numbers of tables in databases that are cloned
 * @param megabytes sizes of databases that are cloned
 * @param catalogTables tables in the list of a REST catalog
 */
public record Plan(
    Path home,
    Path directory,
    BigDecimal scaleFactor,
    int runs,
    long streamRows,
    int commits,
    long insertRows,
    double seconds,
    List<Integer> tables,
    List<Long> megabytes,
    int catalogTables,
    int threads,
    long memoryBytes) {

  public ServerSettings settings(Path data) {
    return new ServerSettings(home, data, threads, memoryBytes);
  }
}
