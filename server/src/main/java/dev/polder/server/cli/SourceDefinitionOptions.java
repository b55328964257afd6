package dev.polder.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a source is to be. */
final class SourceDefinitionOptions {
  @Option(
      names = "--connector",
      paramLabel = "NAME",
      description = "Which of the server's connectors reaches it, such as postgres.")
  @Nullable String connector;

  @Option(
      names = {"--property", "-P"},
      paramLabel = "NAME=VALUE",
      description = "What the connector is told; secrets as {{secret.NAME}}.")
  @Nullable Map<String, String> properties;

  @Option(
      names = "--setup-sql-file",
      paramLabel = "FILE",
      description = "SQL that DuckDB runs to attach it, instead of a connector.")
  @Nullable Path setupSqlFile;

  @Option(names = "--description", paramLabel = "TEXT", description = "What it is.")
  @Nullable String description;

  @Option(
      names = "--read-only",
      negatable = true,
      description = "Nobody writes to it, whatever is granted.")
  @Nullable Boolean readOnly;

  @Option(names = "--disabled", negatable = true, description = "It is known and not reached.")
  @Nullable Boolean disabled;

  @Option(
      names = "--allow-inline-secrets",
      negatable = true,
      description = "Its definition may spell out credentials; they are redacted when shown.")
  @Nullable Boolean allowInlineSecrets;

  @Option(
      names = "--on-start-failure",
      paramLabel = "fail|skip",
      description = "What becomes of an instance that its setup SQL fails in.")
  @Nullable String onStartFailure;

  @Option(
      names = "--extension-directory",
      paramLabel = "DIR",
      description = "Where its setup SQL finds extensions.")
  @Nullable String extensionDirectory;

  /** What was said, and nothing else. */
  ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    text(body, "connector", connector);
    Map<String, String> given = properties;
    if (given != null) {
      ObjectNode values = body.putObject("properties");
      given.forEach(values::put);
    }
    text(body, "setupSql", setupSqlFile == null ? null : content(setupSqlFile));
    text(body, "description", description);
    flag(body, "readOnly", readOnly);
    flag(body, "disabled", disabled);
    flag(body, "allowInlineSecrets", allowInlineSecrets);
    text(body, "onStartFailure", onStartFailure);
    text(body, "extensionDirectory", extensionDirectory);
    return body;
  }

  private static void text(ObjectNode body, String field, @Nullable String value) {
    if (value != null) {
      body.put(field, value);
    }
  }

  private static void flag(ObjectNode body, String field, @Nullable Boolean value) {
    if (value != null) {
      body.put(field, value);
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
