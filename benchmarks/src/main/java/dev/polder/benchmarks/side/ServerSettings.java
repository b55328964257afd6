package dev.polder.benchmarks.side;

import java.nio.file.Path;
import java.util.Map;

/**
 * How the measured server is started. Immutable.
 *
 * @param home the repository, where {@code ./polder} lies
 * @param threads DuckDB's threads, on both sides
 * @param memoryBytes DuckDB's memory limit, on both sides
 */
public record ServerSettings(Path home, Path dataDirectory, int threads, long memoryBytes) {
  /** The password of a server that lives as long as the benchmark and listens on loopback. */
  public static final String PASSWORD = "benchmark";

  public Path launcher() {
    return home.resolve("polder");
  }

  public Path log() {
    return dataDirectory.resolveSibling(dataDirectory.getFileName() + ".log");
  }

  public ServerSettings withData(Path directory) {
    return new ServerSettings(home, directory, threads, memoryBytes);
  }

  /** The configuration, as environment variables. */
  public Map<String, String> environment() {
    return Map.of(
        "POLDER_DATA_DIR",
        dataDirectory.toString(),
        "POLDER_HTTP_PORT",
        "0",
        "POLDER_FLIGHT_PORT",
        "0",
        "POLDER_ADMIN_PASSWORD",
        PASSWORD,
        "POLDER_ENGINE_THREADS",
        Integer.toString(threads),
        "POLDER_ENGINE_MEMORY_LIMIT",
        (memoryBytes >> 20) + "MiB",
        "POLDER_ENGINE_STATEMENT_TIMEOUT",
        "1h");
  }
}
