package dev.polder.server.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A new database's name and what it begins with, as CREATE DATABASE … WITH has it. */
final class CreationOptions {
  @Parameters(index = "0", paramLabel = "NAME", description = "Letters, digits and _.")
  private String name = "";

  @Parameters(
      index = "1..*",
      paramLabel = "FIELD=VALUE",
      description = "Its quota, such as max_storage_bytes=1073741824 or cache_weight=2.")
  private Map<String, String> quota = Map.of();

  @Option(
      names = "--priority-class",
      paramLabel = "CLASS",
      description = "critical, standard (default) or bulk.")
  private @Nullable String priorityClass;

  @Option(
      names = "--expires-after",
      paramLabel = "TIME",
      description = "After which it is dropped, such as 30m, 2h or 7d.")
  private @Nullable String expiresAfter;

  String name() {
    return name;
  }

  String sql() {
    Map<String, String> options = new LinkedHashMap<>(quota);
    AdminCommands.option(options, "priority_class", priorityClass);
    AdminCommands.option(options, "expires_after", expiresAfter);
    return AdminCommands.with(options);
  }
}
