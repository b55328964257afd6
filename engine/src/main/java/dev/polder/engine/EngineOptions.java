package dev.polder.engine;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The engine's limits.
 *
 * @param instancesDirectory temporary and staging files of instances; emptied at start
 * @param stagingDirectory where uploaded files for COPY lie
 * @param extensionDirectory where sources' setup SQL finds DuckDB's extensions
 * @param memoryLimitBytes DuckDB's memory limit of each instance
 * @param threads DuckDB's threads of each instance
 * @param maxTempBytes bytes that one instance may spill
 * @param instanceIdleTimeout an instance without work for so long is stopped
 * @param maxConcurrentStatements statements in DuckDB at once, over all instances
 * @param queueSize statements that may wait for that; more are refused with SERVER_BUSY
 * @param queueTimeout how long one may wait
 * @param statementTimeout the longest that a statement may run, its result's reading included
 * @param resultBytes Arrow buffers of all running statements together
 * @param maxStatementBytes the longest text of a statement
 * @param maxNesting the deepest nesting of a statement
 * @param sessionIdleTimeout a session without a statement for so long is closed
 * @param maxSessions sessions open at once
 */
public record EngineOptions(
    Path instancesDirectory,
    Path stagingDirectory,
    Path extensionDirectory,
    long memoryLimitBytes,
    int threads,
    long maxTempBytes,
    Duration instanceIdleTimeout,
    int maxConcurrentStatements,
    int queueSize,
    Duration queueTimeout,
    Duration statementTimeout,
    long resultBytes,
    int maxStatementBytes,
    int maxNesting,
    Duration sessionIdleTimeout,
    int maxSessions) {

  /** What a server on this machine starts with when nothing is configured. */
  public static EngineOptions defaults(Path dataDirectory) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new EngineOptions(
        dataDirectory.resolve("instances"),
        dataDirectory.resolve("staging"),
        dataDirectory.resolve("extensions"),
        2L << 30,
        cores,
        16L << 30,
        Duration.ofMinutes(10),
        Math.max(4, 2 * cores),
        256,
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        1L << 30,
        1 << 20,
        200,
        Duration.ofHours(1),
        10_000);
  }
}
