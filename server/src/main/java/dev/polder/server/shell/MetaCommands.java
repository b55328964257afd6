package dev.polder.server.shell;

import java.io.PrintWriter;
import java.util.Optional;

/** The shell's own commands, which begin with a backslash. */
final class MetaCommands {
  private static final String HELP =
      """
      \\d [TABLE]   columns of a table, or all tables and views
      \\dt          tables and views
      \\l           databases
      \\c DATABASE  work in another database
      \\x           one line a column, and back
      \\timing      show times, and back
      \\?           this help
      \\q           leave (as Ctrl-D does)
      Ctrl-C cancels the statement that runs.\
      """;

  private static final String TABLES =
      "SELECT table_schema, table_name, table_type FROM information_schema.tables"
          + " WHERE table_schema NOT IN ('information_schema', 'pg_catalog')"
          + " ORDER BY table_schema, table_name";

  private final ShellState state;
  private final PrintWriter out;

  MetaCommands(ShellState state, PrintWriter out) {
    this.state = state;
    this.out = out;
  }

  /** What the shell is to do next. */
  sealed interface Action {
    record Quit() implements Action {}

    /** The command is done, or was none. */
    record Nothing() implements Action {}

    /**
     * A statement to run.
     *
     * @param newDatabase the session's database when it succeeds
     */
    record Run(String sql, Optional<String> newDatabase) implements Action {}
  }

  Action interpret(String line) {
    String[] parts = line.split("\\s+", 2);
    String argument = parts.length > 1 ? parts[1].strip().replaceAll(";$", "") : "";
    return switch (parts[0].replaceAll(";$", "")) {
      case "\\q" -> new Action.Quit();
      case "\\?", "\\h" -> say(HELP);
      case "\\x" -> say(state.toggleExpanded() ? "expanded on" : "expanded off");
      case "\\timing" -> say(state.toggleTiming() ? "timing on" : "timing off");
      case "\\l" -> run("SHOW DATABASES");
      case "\\dt" -> run(TABLES);
      case "\\d" -> run(argument.isEmpty() ? TABLES : "DESCRIBE " + argument);
      case "\\c" ->
          argument.isEmpty()
              ? say("\\c needs the name of a database; \\l lists them")
              : new Action.Run("USE DATABASE " + quoted(argument), Optional.of(argument));
      default -> say("there is no command " + parts[0] + "; \\? lists them");
    };
  }

  private Action say(String text) {
    out.println(text);
    return new Action.Nothing();
  }

  private static Action run(String sql) {
    return new Action.Run(sql, Optional.empty());
  }

  private static String quoted(String name) {
    return name.startsWith("\"") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
