package dev.polder.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code polder version}. */
@Command(name = "version", description = "Prints the versions of Polder and what it is made of.")
final class VersionCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--json", description = "As a JSON object.")
  private boolean json;

  VersionCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Map<String, String> versions = Versions.all();
    if (json) {
      ObjectNode object = new ObjectMapper().createObjectNode();
      versions.forEach(object::put);
      context.screen().line(object.toString());
    } else {
      versions.forEach((name, version) -> context.screen().line(name + " " + version));
    }
    return ExitCode.OK;
  }
}
