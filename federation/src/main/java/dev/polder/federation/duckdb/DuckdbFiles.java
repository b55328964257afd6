package dev.polder.federation.duckdb;

import dev.polder.duck.Instance;
import dev.polder.duck.InstanceConfig;
import dev.polder.duck.InstanceLimits;
import dev.polder.duck.InstanceSetup;
import dev.polder.duck.NativeThreads;
import dev.polder.duck.Sql;
import dev.polder.federation.catalog.SourceFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The instances that read for sources: one for each database file, for a process cannot open one
 * twice. Thread-safe; made once for the process.
 */
public final class DuckdbFiles implements AutoCloseable {
  /** What the file is called within its instance. */
  static final String CATALOG = "source";

  private final NativeThreads threads;
  private final Path directory;
  private final InstanceLimits limits;
  private final Map<Path, SharedFile> files = new ConcurrentHashMap<>();

  /**
   * Opens nothing yet.
   *
   * @param threads not the engine's own: its statements wait for those of sources
   * @param directory for temporary files
   */
  public DuckdbFiles(NativeThreads threads, Path directory, InstanceLimits limits) {
    this.threads = threads;
    this.directory = directory;
    this.limits = limits;
  }

  /** The file's instance, open for writing if wanted, until the lease closes. */
  SharedFile.Lease lease(String alias, Path file, boolean writable) {
    return files.computeIfAbsent(file, path -> new SharedFile(path, this)).lease(alias, writable);
  }

  Instance open(String alias, Path file, boolean writable) {
    if (!Files.isRegularFile(file)) {
      throw SourceFailure.unavailable(alias, "there is no such database file", null);
    }
    String attach =
        "ATTACH "
            + Sql.literal(file.toString())
            + " AS "
            + CATALOG
            + " (TYPE duckdb"
            + (writable ? ")" : ", READ_ONLY)");
    InstanceSetup setup =
        new InstanceSetup(
            alias,
            List.of(attach),
            List.of(),
            false,
            (statement, message) -> SourceFailure.unavailable(alias, reason(message), null));
    return start(List.of(), List.of(setup));
  }

  /** An instance that may read some directories. */
  public Instance start(List<String> directories, List<InstanceSetup> setups) {
    Path own = directory.resolve("source-" + UUID.randomUUID());
    return Instance.start(
        threads, new InstanceConfig(own, directories, limits, own.resolve("extensions"), setups));
  }

  private static String reason(String text) {
    if (text.contains("Could not set lock")) {
      return "another process has its database file open for writing";
    }
    if (text.contains("not a valid DuckDB") || text.contains("not a DuckDB")) {
      return "its file is no database of DuckDB";
    }
    if (text.contains("version")) {
      return "its file was written by a version of DuckDB that cannot be read here";
    }
    if (text.contains("encrypt")) {
      return "its database file is encrypted";
    }
    return "its database file cannot be opened";
  }

  @Override
  public void close() {
    files.values().forEach(SharedFile::close);
  }
}
