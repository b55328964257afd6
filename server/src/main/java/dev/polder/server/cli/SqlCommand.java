package dev.polder.server.cli;

import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.shell.SqlShell;
import dev.polder.server.shell.StatementSplitter;
import dev.polder.server.table.ResultPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code polder sql}. */
@Command(
    name = "sql",
    description = {
      "Runs SQL statements, or an interactive shell when none are given.",
      "",
      "Several statements are separated by semicolons and run one after the other in one session;"
          + " the first that fails ends the run with exit code 1. Without -c and -f, statements are"
          + " read from standard input where that is no terminal."
    })
final class SqlCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private ClientOptions options;
  @Mixin private FormatOptions format;

  @Option(
      names = {"-c", "--command"},
      paramLabel = "SQL",
      description = "Statements to run; may be given more than once.")
  private @Nullable List<String> commands;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A file of statements; - reads standard input.")
  private @Nullable Path file;

  @Option(names = "--timing", description = "Shows how long each statement took in the server.")
  private boolean timing;

  SqlCommand(CommandContext context) {
    this.context = context;
    this.options = new ClientOptions();
    this.format = new FormatOptions();
  }

  @Override
  public Integer call() {
    if (commands != null && file != null) {
      throw new ParameterException(options.commandLine(), "give -c or -f, not both");
    }
    boolean interactive = commands == null && file == null && isInteractive();
    if (interactive) {
      try (PolderClient client = options.connect(context)) {
        return new SqlShell(client, context.screen().style(), format.format()).run();
      }
    }
    List<String> statements = statements();
    try (PolderClient client = options.connect(context)) {
      return run(client, statements);
    }
  }

  /** The start script knows best: the JVM only tells of both streams together. */
  private static boolean isInteractive() {
    String input = System.getProperty("polder.terminal.input");
    return input != null ? Boolean.parseBoolean(input) : Passwords.canAsk();
  }

  private List<String> statements() {
    List<String> statements = new ArrayList<>();
    if (commands != null) {
      commands.forEach(text -> statements.addAll(StatementSplitter.split(text).statements()));
    } else {
      statements.addAll(StatementSplitter.split(readInput()).statements());
    }
    if (statements.isEmpty()) {
      throw new ParameterException(options.commandLine(), "there is no statement to run");
    }
    for (String statement : statements) {
      if (statement.stripLeading().startsWith("\\")) {
        throw new ParameterException(
            options.commandLine(),
            "commands that begin with \\ need a terminal; to work in another database give"
                + " --database NAME, or run USE DATABASE NAME;");
      }
    }
    return statements;
  }

  private String readInput() {
    try {
      if (file == null || file.toString().equals("-")) {
        return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException("there is no file " + file, e);
    } catch (CharacterCodingException e) {
      throw new UncheckedIOException(file + " is no UTF-8 text", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + (file == null ? "input" : file), e);
    }
  }

  private int run(PolderClient client, List<String> statements) {
    Screen screen = context.screen();
    ResultPrinter printer = new ResultPrinter(screen.out(), screen.err(), screen.style());
    if (statements.size() > 1) {
      client.login();
      client.openSession();
    }
    for (String statement : statements) {
      try {
        printer.print(client.execute(statement), format.format(), timing || screen.terminal());
      } catch (ServerFailure failure) {
        printer.print(failure, statement);
        return ExitCode.SOFTWARE;
      }
    }
    return ExitCode.OK;
  }
}
