package dev.polder.server.cli;

import dev.polder.model.PolderException;
import dev.polder.server.ServerStarter;
import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.config.ConfigurationException;
import dev.polder.server.demo.DemoFailure;
import dev.polder.server.table.ResultPrinter;
import java.io.UncheckedIOException;
import java.util.Map;
import picocli.CommandLine;

/**
 * The commands of {@code ./polder}. Exit codes: 0 done, 1 failed, 2 not understood. Used by one
 * thread.
 */
public final class Cli {
  private final CommandContext context;

  public Cli(ServerStarter starter, Screen screen, Map<String, String> environment) {
    this.context = new CommandContext(starter, screen, Map.copyOf(environment));
  }

  public int run(String... arguments) {
    Screen screen = context.screen();
    CommandLine line = new CommandLine(new PolderCommand());
    line.addSubcommand(new ServeCommand(context));
    line.addSubcommand(new DemoCommand(context));
    line.addSubcommand(new SqlCommand(context));
    line.addSubcommand(new TenantCommand(context));
    line.addSubcommand(new DatabaseCommand(context));
    line.addSubcommand(new ClusterCommand(context));
    line.addSubcommand(sources());
    line.addSubcommand(new IdentityProviderCommand(context));
    line.addSubcommand(new UserCommand(context));
    line.addSubcommand(new GroupCommand(context));
    line.addSubcommand(new RoleCommand(context));
    line.addSubcommand(new GrantCommand(context));
    line.addSubcommand(new PolicyCommand(context));
    line.addSubcommand(new TokenCommand(context));
    line.addSubcommand(new SessionCommand(context));
    line.addSubcommand(new AuditCommand(context));
    line.addSubcommand(new ManifestCommand(context));
    line.addSubcommand(new ConfigCommand(context));
    line.addSubcommand(new HealthcheckCommand(context));
    line.addSubcommand(new VersionCommand(context));
    line.setOut(screen.out());
    line.setErr(screen.err());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(false);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            screen.style().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
    return line.execute(arguments);
  }

  private CommandLine sources() {
    return new CommandLine(new SourceCommand(context))
        .addSubcommand(new SourceSecretCommand(context));
  }

  private int report(Exception failure) throws Exception {
    Screen screen = context.screen();
    switch (failure) {
      case ServerFailure refused ->
          new ResultPrinter(screen.out(), screen.err(), screen.style()).print(refused, "");
      case ConfigurationException faulty -> faulty.faults().forEach(screen::fail);
      case PolderException known -> screen.fail(known.code() + ": " + known.getMessage());
      case ConnectionFailure unreachable -> screen.fail(text(unreachable));
      case DemoFailure stuck -> screen.fail(text(stuck));
      case UncheckedIOException io -> screen.fail(text(io));
      default -> throw failure;
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String text(Exception failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
