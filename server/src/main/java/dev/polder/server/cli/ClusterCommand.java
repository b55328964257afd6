package dev.polder.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polder cluster}. */
@Command(name = "cluster", description = "Other servers whose databases are mirrored here.")
final class ClusterCommand extends AdminCommands {
  @Spec private @Nullable CommandSpec spec;

  ClusterCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Makes another server known.")
  int create(
      @Parameters(paramLabel = "NAME", description = "Letters, digits and _.") String name,
      @Parameters(paramLabel = "URL", description = "https://host:port") String url,
      @Option(
              names = "--remote-token-file",
              paramLabel = "FILE",
              description = "The token of a principal there who may mirror; asked for if absent.")
          @Nullable Path file,
      @Option(names = "--if-not-exists", description = "An existing one is no failure.")
          boolean ifNotExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "CREATE CLUSTER "
            + ifNotExists(ifNotExists)
            + SqlQuoting.name(name)
            + " WITH (url = "
            + SqlQuoting.text(url)
            + ", token = "
            + SqlQuoting.text(token(file))
            + ")");
  }

  private String token(@Nullable Path file) {
    if (file != null) {
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file, e);
      }
    }
    return (Passwords.canAsk() ? Passwords.ask("Token: ") : Optional.<String>empty())
        .orElseThrow(() ->
            new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "give the token with --remote-token-file"));
  }

  @Command(name = "token", description = "Replaces the token; mirrors go on with the new one.")
  int token(
      @Parameters(paramLabel = "NAME", description = "The cluster.") String name,
      @Option(
              names = "--remote-token-file",
              paramLabel = "FILE",
              description = "The token of a principal there who may mirror; asked for if absent.")
          @Nullable Path file,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "ALTER CLUSTER " + SqlQuoting.name(name) + " SET TOKEN " + SqlQuoting.text(token(file)));
  }

  @Command(name = "url", description = "Says where the server is now.")
  int url(
      @Parameters(paramLabel = "NAME", description = "The cluster.") String name,
      @Parameters(paramLabel = "URL", description = "https://host:port") String url,
      @Option(
              names = "--remote-token-file",
              paramLabel = "FILE",
              description = "The token, which another host has to be given anew.")
          @Nullable Path file,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "ALTER CLUSTER "
            + SqlQuoting.name(name)
            + " SET URL "
            + SqlQuoting.text(url)
            + (file == null ? "" : ", TOKEN " + SqlQuoting.text(token(file))));
  }

  @Command(name = "list", description = "Lists them, without their tokens.")
  int list(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW CLUSTERS");
  }

  @Command(name = "drop", description = "Forgets another server.")
  int drop(
      @Parameters(paramLabel = "NAME", description = "The cluster.") String name,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "DROP CLUSTER " + ifExists(ifExists) + SqlQuoting.name(name));
  }
}
