package dev.polder.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.server.cli.SourceCalls.Call;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polder source}: for the tenant and the database that --tenant and --database name. */
@Command(name = "source", description = "Other systems, attached to a database under an alias.")
final class SourceCommand implements Runnable {
  private static final List<String> SHORT =
      List.of("alias", "connector", "readOnly", "disabled", "description");
  private static final List<String> FULL =
      List.of(
          "id",
          "alias",
          "connector",
          "properties",
          "setupSql",
          "description",
          "readOnly",
          "disabled",
          "allowInlineSecrets",
          "onStartFailure",
          "extensionDirectory",
          "revision",
          "createdAt",
          "updatedAt");

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  SourceCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }

  @Command(name = "list", description = "Lists them.")
  int list(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format).show(Call.get(""), "sources", SHORT);
  }

  @Command(name = "get", description = "Shows one; secrets are redacted.")
  int get(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format).show(Call.get(at(alias)), null, FULL);
  }

  @Command(name = "create", description = "Attaches a system, or defines the alias anew.")
  int create(
      @Parameters(paramLabel = "ALIAS", description = "Letters, digits and _.") String alias,
      @Mixin SourceDefinitionOptions definition,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    ObjectNode body = definition.body();
    body.put("alias", alias);
    return new SourceCalls(context, client, format).show(new Call("POST", "", body), null, SHORT);
  }

  @Command(name = "update", description = "Changes what is said; all else stays.")
  int update(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Mixin SourceDefinitionOptions definition,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format)
        .show(new Call("PATCH", at(alias), definition.body()), null, SHORT);
  }

  @Command(
      name = "delete",
      description = "Takes it away with its secrets, grants, row filters and masks.")
  int delete(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format)
        .run(new Call("DELETE", at(alias), null), "deleted " + alias);
  }

  @Command(name = "test", description = "Connects to it and lists its schemas.")
  int test(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format)
        .show(
            new Call("POST", at(alias) + "/test", null),
            null,
            List.of("ok", "latencyMs", "schemas", "failedStep", "message"));
  }

  @Command(name = "status", description = "Shows how it stands in each running instance.")
  int status(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format)
        .show(
            Call.get(at(alias) + "/status"),
            "instances",
            List.of("instance", "attached", "stale", "since", "message"));
  }

  @Command(name = "schemas", description = "Lists its schemas.")
  int schemas(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format)
        .show(Call.get(at(alias) + "/schemas"), "schemas", List.of("schema"));
  }

  @Command(name = "tables", description = "Lists the tables and views of a schema.")
  int tables(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Option(names = "--schema", required = true, paramLabel = "NAME", description = "In it.")
          String schema,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format)
        .show(
            Call.get(at(alias) + "/tables?schema=" + SourceCalls.segment(schema)),
            "tables",
            List.of("name", "view"));
  }

  @Command(name = "columns", description = "Lists the columns of a table or view.")
  int columns(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Option(names = "--schema", required = true, paramLabel = "NAME", description = "In it.")
          String schema,
      @Option(names = "--table", required = true, paramLabel = "NAME", description = "Of it.")
          String table,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format)
        .show(
            Call.get(
                at(alias)
                    + "/columns?schema="
                    + SourceCalls.segment(schema)
                    + "&table="
                    + SourceCalls.segment(table)),
            "columns",
            List.of("name", "type", "nativeType", "nullable"));
  }

  static String at(String alias) {
    return "/" + SourceCalls.segment(alias);
  }
}
