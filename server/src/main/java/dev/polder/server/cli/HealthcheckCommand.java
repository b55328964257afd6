package dev.polder.server.cli;

import dev.polder.server.client.ReadinessProbe;
import dev.polder.server.config.Durations;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code polder healthcheck}. */
@Command(
    name = "healthcheck",
    description = "Succeeds when the server is ready to take statements. Needs no credentials.")
final class HealthcheckCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private ClientOptions client;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "How long to wait for the answer. Default: ${DEFAULT-VALUE}")
  private @Nullable String timeout;

  HealthcheckCommand(CommandContext context) {
    this.context = context;
    this.client = new ClientOptions();
  }

  @Override
  public Integer call() {
    URI address = client.address(context);
    int status = ReadinessProbe.status(address, client.trust(context, address), time());
    if (status == 200) {
      context.screen().line("ready " + address);
      return ExitCode.OK;
    }
    context.screen().fail(address + " is not ready: it answered " + status);
    return ExitCode.SOFTWARE;
  }

  private Duration time() {
    try {
      return Durations.parse(timeout == null ? "5s" : timeout);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          client.commandLine(), "--timeout: '" + timeout + "' " + e.getMessage(), e);
    }
  }
}
