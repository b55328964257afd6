package dev.polder.server.cli;

import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.table.ResultPrinter;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
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

  /** As {@link #send}, for a statement that may take long: says how far its job is. */
  int watch(ClientOptions options, FormatOptions format, String sql, String kind) {
    return watch(options, format, sql, kind, answer -> ExitCode.OK);
  }

  /** As the other one; the answer tells how the command ends. */
  int watch(
      ClientOptions options,
      FormatOptions format,
      String sql,
      String kind,
      ToIntFunction<QueryResult> end) {
    JobProgress progress = new JobProgress(() -> options.connect(context), kind);
    try (ProgressLines _ = new ProgressLines(context.screen(), progress)) {
      return send(options, format, sql, UnaryOperator.identity(), end);
    }
  }

  int send(ClientOptions options, FormatOptions format, String sql) {
    return send(options, format, sql, UnaryOperator.identity(), answer -> ExitCode.OK);
  }

  /** Shows those rows alone of what a statement answers whose first column is the name. */
  int sendFor(ClientOptions options, FormatOptions format, String sql, String name) {
    return send(
        options,
        format,
        sql,
        all ->
            new QueryResult(
                all.columns(),
                all.rows().stream().filter(row -> row.getFirst().asText().equals(name)).toList(),
                all.updateCount(),
                all.elapsedMs(),
                all.notices()),
        found -> {
          if (!found.rows().isEmpty()) {
            return ExitCode.OK;
          }
          context.screen().fail("there is no '" + name + "' that you may see");
          return ExitCode.SOFTWARE;
        });
  }

  /**
   * Sends a statement.
   *
   * @param shown what is shown of the answer
   * @param end how the command ends after that
   */
  private int send(
      ClientOptions options,
      FormatOptions format,
      String sql,
      UnaryOperator<QueryResult> shown,
      ToIntFunction<QueryResult> end) {
    Screen screen = context.screen();
    ResultPrinter printer = new ResultPrinter(screen.out(), screen.err(), screen.style());
    try (PolderClient client = options.connect(context)) {
      QueryResult answer = shown.apply(client.execute(sql));
      printer.print(answer, format.format(), false);
      return end.applyAsInt(answer);
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
