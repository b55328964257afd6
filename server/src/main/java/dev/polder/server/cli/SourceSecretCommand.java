package dev.polder.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.server.cli.SourceCalls.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polder source secret}. A value is never taken from the command line. */
@Command(name = "secret", description = "What stands for {{secret.NAME}} in a source's definition.")
final class SourceSecretCommand implements Runnable {
  private static final List<String> SHOWN = List.of("name", "value", "externalRef");

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  SourceSecretCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }

  @Command(name = "list", description = "Lists them, without their values.")
  int list(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format).show(Call.get(at(alias)), "secrets", SHOWN);
  }

  @Command(
      name = "set",
      description =
          "Sets one: to a file's content, to what standard input or you say, or to a"
              + " reference to another store.")
  int set(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Parameters(paramLabel = "NAME", description = "Letters, digits and _.") String name,
      @Option(names = "--value-file", paramLabel = "FILE", description = "Holds the value.")
          @Nullable Path file,
      @Option(
              names = "--external-ref",
              paramLabel = "REF",
              description = "Where another store keeps it, such as vault:secret/data/pg#password.")
          @Nullable String externalRef,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    if (file != null && externalRef != null) {
      throw new ParameterException(
          client.commandLine(), "--value-file and --external-ref exclude each other");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", name);
    if (externalRef != null) {
      body.put("externalRef", externalRef);
    } else {
      body.put("value", value(client, file));
    }
    return new SourceCalls(context, client, format)
        .show(new Call("PUT", at(alias), body), null, SHOWN);
  }

  private static String value(ClientOptions client, @Nullable Path file) {
    if (file == null && Passwords.canAsk()) {
      return Passwords.ask("Value: ")
          .orElseThrow(() -> new ParameterException(client.commandLine(), "no value was given"));
    }
    try {
      String text =
          file == null
              ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
              : Files.readString(file);
      // The end of the last line is the file's, not the secret's.
      return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + (file == null ? "standard input" : file), e);
    }
  }

  @Command(name = "delete", description = "Takes one away.")
  int delete(
      @Parameters(paramLabel = "ALIAS", description = "The source.") String alias,
      @Parameters(paramLabel = "NAME", description = "The secret.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return new SourceCalls(context, client, format)
        .run(
            new Call("DELETE", at(alias) + "/" + SourceCalls.segment(name), null),
            "deleted " + name);
  }

  private static String at(String alias) {
    return SourceCommand.at(alias) + "/secrets";
  }
}
