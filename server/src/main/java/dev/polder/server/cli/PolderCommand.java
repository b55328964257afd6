package dev.polder.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command itself, which only lists the others. */
@Command(
    name = "polder",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = PolderCommand.Version.class,
    sortOptions = false,
    description = "One server for governed lakehouse databases.",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 the command line was not understood.",
      "",
      "Try it:  ./polder demo",
      "Serve:   ./polder serve --config polder.yaml",
      "Ask:     ./polder sql --user admin -c 'SHOW DATABASES'"
    })
final class PolderCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Shows this help and exits.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Prints the version and exits; 'polder version' tells more.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean version;

  PolderCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"polder " + Versions.polder()};
    }
  }
}
