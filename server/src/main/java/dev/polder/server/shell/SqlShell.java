package dev.polder.server.shell;

import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.table.ResultPrinter;
import dev.polder.server.table.Style;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The interactive shell: reads statements until their semicolon, runs them in one session, and
 * shows what came of them. Ctrl-C cancels the statement that runs, or drops what was typed; Ctrl-D
 * ends the shell. Used by one thread.
 */
public final class SqlShell {
  private final PolderClient client;
  private final Style style;
  private final ShellState state;

  public SqlShell(PolderClient client, Style style, ResultPrinter.Format format) {
    this.client = client;
    this.style = style;
    this.state = new ShellState(format);
  }

  /** Returns the exit code when the user leaves. */
  public int run() {
    client.login();
    state.setDatabase(client.openSession());
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      NameIndex names = new NameIndex(client);
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("polder")
              .parser(new StatementParser())
              .completer(new SqlCompleter(names))
              .variable(LineReader.HISTORY_FILE, historyFile())
              .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P  -> ")
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
              .build();
      MetaCommands commands = new MetaCommands(state, terminal.writer());
      terminal.writer().println("Polder shell. Statements end with ; and \\? shows the commands.");
      terminal.handle(Terminal.Signal.INT, signal -> cancel(terminal));
      loop(reader, commands, names, terminal);
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be used", e);
    }
  }

  private void loop(LineReader reader, MetaCommands commands, NameIndex names, Terminal terminal) {
    while (true) {
      String text;
      try {
        text = reader.readLine(state.database() + "> ");
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        return;
      }
      if (text.strip().startsWith("\\")) {
        MetaCommands.Action action = commands.interpret(text.strip());
        switch (action) {
          case MetaCommands.Action.Quit quit -> {
            return;
          }
          case MetaCommands.Action.Nothing nothing -> terminal.flush();
          case MetaCommands.Action.Run run -> {
            if (execute(terminal, run.sql())) {
              run.newDatabase().ifPresent(state::setDatabase);
            }
          }
        }
      } else {
        for (String statement : StatementSplitter.split(text).statements()) {
          if (!execute(terminal, statement)) {
            break;
          }
          SessionChanges.databaseAfter(statement).ifPresent(state::setDatabase);
          names.statementRan(statement);
        }
      }
    }
  }

  private boolean execute(Terminal terminal, String sql) {
    // Windows are resized while a shell runs: each result asks for the width anew.
    Style fitting = new Style(style.unicode(), style.colour(), terminal.getSize().getColumns());
    ResultPrinter printer = new ResultPrinter(terminal.writer(), terminal.writer(), fitting);
    try {
      QueryResult result = client.execute(sql);
      printer.print(result, state.format(), state.timing());
      return true;
    } catch (ServerFailure failure) {
      printer.print(failure, sql);
    } catch (ConnectionFailure failure) {
      printer.printFailure(failure.getMessage() == null ? "" : failure.getMessage());
    }
    return false;
  }

  private void cancel(Terminal terminal) {
    try {
      if (client.cancel()) {
        terminal.writer().println("cancelling …");
        terminal.flush();
      }
    } catch (ServerFailure | ConnectionFailure failure) {
      terminal.writer().println("cannot cancel: " + failure.getMessage());
      terminal.flush();
    }
  }

  private static Path historyFile() {
    return Path.of(System.getProperty("user.home", "."), ".polder_history");
  }
}
