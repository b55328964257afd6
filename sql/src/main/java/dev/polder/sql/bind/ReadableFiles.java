package dev.polder.sql.bind;

/** Where DuckDB finds a file of the warehouse on this machine. Thread-safe. */
@FunctionalInterface
public interface ReadableFiles {
  /**
   * A local path; remote files are fetched first.
   *
   * @param size of the file in bytes
   */
  String path(String location, long size);
}
