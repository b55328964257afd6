package dev.polder.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Whose default database it is, and which; without one the default is shown. */
final class DefaultOptions {
  @Parameters(index = "0", paramLabel = "NAME", description = "Whose default.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "DATABASE",
      arity = "0..1",
      description = "Where sessions begin. Default: shows it.")
  private @Nullable String database;

  @Option(names = "--none", description = "Sessions begin nowhere in particular any more.")
  private boolean none;

  String name() {
    return name;
  }

  boolean shows() {
    return database == null && !none;
  }

  /** As ALTER has it. */
  String sql(ClientOptions client) {
    if (database != null && none) {
      throw new ParameterException(client.commandLine(), "give a database or --none, not both");
    }
    return database == null
        ? " RESET DEFAULT DATABASE"
        : " SET DEFAULT DATABASE " + SqlQuoting.name(database);
  }
}
