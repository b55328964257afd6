package dev.polder.benchmarks;

import java.util.List;
import picocli.CommandLine;

/** Starts the benchmarks from a command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    int code =
        new CommandLine(new BenchmarkCommand(List.of(arguments)))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((failure, command, parsed) -> {
              failure.printStackTrace();
              return CommandLine.ExitCode.SOFTWARE;
            })
            .execute(arguments);
    System.exit(code);
  }
}
