package dev.polder.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a grant is on, or which role is given: exactly one of them. */
final class SecurableOption {
  @Option(
      names = "--on-database",
      paramLabel = "NAME",
      required = true,
      description = "All of a database.")
  @Nullable String database;

  @Option(
      names = "--on-schema",
      paramLabel = "NAME",
      required = true,
      description = "A schema and all in it.")
  @Nullable String schema;

  @Option(
      names = "--on-table",
      paramLabel = "NAME",
      required = true,
      description = "A table or view, such as main.flights.")
  @Nullable String table;

  String sql() {
    if (database != null) {
      return "DATABASE " + SqlQuoting.name(database);
    }
    if (schema != null) {
      return "SCHEMA " + SqlQuoting.path(schema);
    }
    if (table != null) {
      return "TABLE " + SqlQuoting.path(table);
    }
    throw new IllegalStateException("no securable");
  }
}
