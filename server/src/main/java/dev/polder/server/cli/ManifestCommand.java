package dev.polder.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.door.http.ManifestText;
import dev.polder.model.PolderException;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.table.ResultPrinter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder manifest}. */
@Command(
    name = "manifest",
    description = "Exports the whole control plane as a document, and takes one over.")
final class ManifestCommand extends AdminCommands {
  ManifestCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "export", description = "Writes tenants, databases, users, rights and sources.")
  int export(
      @Option(
              names = "--password-hashes",
              description = "With the hashes of users' passwords; keep the document as one.")
          boolean passwordHashes,
      @Option(names = "--json", description = "JSON instead of YAML.") boolean json,
      @Mixin ClientOptions options) {
    return with(
        options,
        client -> {
          JsonNode manifest =
              client.call("GET", "/api/manifest/export?passwordHashes=" + passwordHashes, null);
          String text =
              json || !(manifest instanceof ObjectNode object)
                  ? manifest.toPrettyString() + "\n"
                  : new String(ManifestText.write(object), StandardCharsets.UTF_8);
          context().screen().out().print(text);
          context().screen().out().flush();
          return ExitCode.OK;
        });
  }

  @Command(
      name = "import",
      description = "Makes the control plane what a document says; all of it or nothing.")
  int importFrom(
      @Parameters(paramLabel = "FILE", description = "YAML or JSON.") Path file,
      @Option(
              names = "--prune",
              description =
                  "Deletes what the document's lists do not name; tenants and databases stay.")
          boolean prune,
      @Option(names = "--dry-run", description = "Tells what would change, and changes nothing.")
          boolean dryRun,
      @Option(names = "--json", description = "Answers with JSON.") boolean json,
      @Mixin ClientOptions options) {
    ObjectNode manifest;
    try {
      manifest = ManifestText.read(Files.readAllBytes(file));
    } catch (IOException | PolderException e) {
      context().screen().fail(file + ": " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
    return with(
        options,
        client -> {
          JsonNode report =
              client.call(
                  "POST", "/api/manifest/import?prune=" + prune + "&dryRun=" + dryRun, manifest);
          print(report, json);
          return ExitCode.OK;
        });
  }

  private void print(JsonNode report, boolean json) {
    Screen screen = context().screen();
    if (json) {
      screen.out().println(report.toPrettyString());
    } else {
      for (JsonNode change : report.path("changes")) {
        screen
            .out()
            .println(
                String.format(
                    "%-6s  %s", change.path("change").asText(), change.path("path").asText()));
      }
      for (JsonNode skipped : report.path("skipped")) {
        screen.out().println("skipped " + skipped.asText());
      }
    }
    screen.out().flush();
  }

  private int with(ClientOptions options, ToIntFunction<PolderClient> work) {
    Screen screen = context().screen();
    try (PolderClient client = options.connect(context())) {
      return work.applyAsInt(client);
    } catch (ServerFailure failure) {
      new ResultPrinter(screen.out(), screen.err(), screen.style()).print(failure, "");
      return ExitCode.SOFTWARE;
    }
  }
}
