package dev.polder.engine;

import java.util.Optional;

/**
 * Where a stream of Arrow batches goes.
 *
 * @param schema empty for the session's current schema
 */
public record IngestRequest(
    Optional<String> schema, String table, IfAbsent ifAbsent, IfPresent ifPresent) {
  /** What happens when the table does not exist. */
  public enum IfAbsent {
    FAIL,
    CREATE
  }

  /** What happens when the table exists. */
  public enum IfPresent {
    FAIL,
    APPEND,
    REPLACE
  }
}
