package dev.polder.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.table.ResultPrinter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Commands that are SQL statements under another name: they send the statement that their words
 * spell, so that there is one path and one set of rules.
 */
abstract class AdminCommands implements Runnable {
  @Spec private CommandSpec spec;
  private final CommandContext context;

  AdminCommands(CommandContext context) {
    this.context = context;
    this.spec = CommandSpec.create();
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }

  CommandContext context() {
    return context;
  }

  int send(ClientOptions options, FormatOptions format, String sql) {
    Screen screen = context.screen();
    ResultPrinter printer = new ResultPrinter(screen.out(), screen.err(), screen.style());
    try (PolderClient client = options.connect(context)) {
      printer.print(client.execute(sql), format.format(), false);
      return ExitCode.OK;
    } catch (ServerFailure failure) {
      printer.print(failure, sql);
      return ExitCode.SOFTWARE;
    }
  }

  /** Shows those rows alone of what a statement answers whose first column is the name. */
  int sendFor(ClientOptions options, FormatOptions format, String sql, String name) {
    Screen screen = context.screen();
    ResultPrinter printer = new ResultPrinter(screen.out(), screen.err(), screen.style());
    try (PolderClient client = options.connect(context)) {
      QueryResult all = client.execute(sql);
      List<List<JsonNode>> rows =
          all.rows().stream().filter(row -> row.getFirst().asText().equals(name)).toList();
      if (rows.isEmpty()) {
        screen.fail("there is no '" + name + "' that you may see");
        return ExitCode.SOFTWARE;
      }
      printer.print(
          new QueryResult(all.columns(), rows, all.updateCount(), all.elapsedMs(), all.notices()),
          format.format(),
          false);
      return ExitCode.OK;
    } catch (ServerFailure failure) {
      printer.print(failure, sql);
      return ExitCode.SOFTWARE;
    }
  }

  /** WITH and its options; nothing for none. */
  static String with(Map<String, String> options) {
    return options.isEmpty()
        ? ""
        : options.entrySet().stream()
            .map(option ->
                SqlQuoting.name(option.getKey()) + " = " + SqlQuoting.text(option.getValue()))
            .collect(Collectors.joining(", ", " WITH (", ")"));
  }

  static void option(Map<String, String> options, String name, @Nullable String value) {
    if (value != null) {
      options.put(name, value);
    }
  }

  static String ifExists(boolean wanted) {
    return wanted ? "IF EXISTS " : "";
  }

  static String ifNotExists(boolean wanted) {
    return wanted ? "IF NOT EXISTS " : "";
  }
}
