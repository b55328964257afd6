package dev.polder.server.cli;

import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Parameters;

/** Whose quota, and its fields as words of the command line. */
final class QuotaOptions {
  @Parameters(index = "0", paramLabel = "NAME", description = "Whose quota.")
  private String name = "";

  @Parameters(
      index = "1..*",
      paramLabel = "FIELD=VALUE",
      description = "What changes, such as max_qps=100; a limit of 0 is none. Default: shows it.")
  private Map<String, String> fields = Map.of();

  String name() {
    return name;
  }

  boolean isEmpty() {
    return fields.isEmpty();
  }

  /** As SET QUOTA has them. */
  String sql() {
    return fields.entrySet().stream()
        .map(field -> SqlQuoting.name(field.getKey()) + " = " + SqlQuoting.text(field.getValue()))
        .collect(Collectors.joining(", ", " SET QUOTA (", ")"));
  }
}
