package dev.polder.sql.authorise;

import dev.polder.model.SourceId;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import java.util.List;
import java.util.Optional;

/** A source of the space, as one statement sees it. Used by one statement at a time. */
public interface AttachedSource {
  SourceId id();

  /** In lower case. */
  String alias();

  /** The schema of names that give none. */
  String defaultSchema();

  SourceDialect dialect();

  /** Whether DuckDB itself has it attached, under its alias: then nothing is asked of it by us. */
  boolean attachedByDuck();

  /** A table or view with its columns; one lookup gives the same table again. */
  Optional<RemoteTable> table(String schema, String name);

  /** The key under which grants on a table or column are found. */
  static List<String> path(String... names) {
    return java.util.Arrays.stream(names)
        .map(name -> name.toLowerCase(java.util.Locale.ROOT))
        .toList();
  }
}
