package dev.polder.server.cli;

import dev.polder.server.config.Configuration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code polder serve}. */
@Command(
    name = "serve",
    description = {
      "Starts a server and serves until it is told to end.",
      "",
      "SIGTERM and Ctrl-C end it in an orderly way: running statements get shutdown.grace to finish."
          + " The ports that it listens on are printed and written to ports.json in data.dir.",
      "",
      "The first start makes a user admin and prints a random password once;"
          + " POLDER_ADMIN_PASSWORD sets it instead."
    })
final class ServeCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private ConfigOption config;

  ServeCommand(CommandContext context) {
    this.context = context;
    this.config = new ConfigOption();
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = context.configuration(config.file).configuration();
    try (ServerProcess process = ServerProcess.start(context.starter(), configuration)) {
      Banner.print(context.screen(), configuration, process);
      process.await();
    }
    return ExitCode.OK;
  }
}
