package dev.polder.server.cli;

import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.table.ResultPrinter;
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
    JobProgress progress = new JobProgress(() -> options.connect(context), kind);
    try (ProgressLines _ = new ProgressLines(context.screen(), progress)) {
      return send(options, format, sql);
    }
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

  static String defaultDatabase(@Nullable String name) {
    return name == null
        ? " RESET DEFAULT DATABASE"
        : " SET DEFAULT DATABASE " + SqlQuoting.name(name);
  }

  static String ifExists(boolean wanted) {
    return wanted ? "IF EXISTS " : "";
  }

  static String ifNotExists(boolean wanted) {
    return wanted ? "IF NOT EXISTS " : "";
  }
}
