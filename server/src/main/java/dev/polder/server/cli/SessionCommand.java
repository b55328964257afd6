package dev.polder.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder session}. */
@Command(name = "session", description = "Lists and ends sessions.")
final class SessionCommand extends AdminCommands {
  SessionCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "list", description = "Lists the sessions that you may see.")
  int list(
      @Option(
              names = "--in-database",
              paramLabel = "DATABASE",
              description = "Those in this database alone.")
          @Nullable String database,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "SHOW SESSIONS" + (database == null ? "" : " IN DATABASE " + SqlQuoting.name(database)));
  }

  @Command(name = "kill", description = "Ends a session: when its statement is done.")
  int kill(
      @Parameters(paramLabel = "ID", description = "As 'session list' shows it.") String id,
      @Option(names = "--statement-only", description = "Ends what it runs and leaves it open.")
          boolean statement,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client, format, (statement ? "KILL QUERY " : "KILL SESSION ") + SqlQuoting.text(id));
  }
}
