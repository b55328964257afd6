package dev.polder.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder policy}. */
@Command(name = "policy", description = "Creates, lists and drops row filters and column masks.")
final class PolicyCommand extends AdminCommands {
  private static final String TABLE = "A table or view, such as main.flights.";

  PolicyCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "filter", description = "Lets users see only the rows that a condition lets by.")
  int filter(
      @Parameters(paramLabel = "NAME", description = "The filter.") String name,
      @Option(names = "--on", paramLabel = "TABLE", required = true, description = TABLE)
          String table,
      @Option(names = "--for-role", paramLabel = "ROLE", description = "Default: everybody.")
          @Nullable String role,
      @Option(names = "--using", paramLabel = "SQL", required = true, description = "A condition.")
          String expression,
      @Option(names = "--or-replace", description = "Takes the place of an existing one.")
          boolean replace,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        create(replace)
            + "ROW FILTER "
            + SqlQuoting.name(name)
            + " ON "
            + SqlQuoting.path(table)
            + using(role, expression));
  }

  @Command(name = "mask", description = "Lets users see an expression's value in a column's place.")
  int mask(
      @Parameters(paramLabel = "NAME", description = "The mask.") String name,
      @Option(names = "--on", paramLabel = "TABLE", required = true, description = TABLE)
          String table,
      @Option(names = "--column", paramLabel = "COLUMN", required = true, description = "Its name.")
          String column,
      @Option(names = "--for-role", paramLabel = "ROLE", description = "Default: everybody.")
          @Nullable String role,
      @Option(
              names = "--using",
              paramLabel = "SQL",
              required = true,
              description = "An expression.")
          String expression,
      @Option(names = "--or-replace", description = "Takes the place of an existing one.")
          boolean replace,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        create(replace)
            + "COLUMN MASK "
            + SqlQuoting.name(name)
            + " ON "
            + SqlQuoting.path(table)
            + " ("
            + SqlQuoting.name(column)
            + ")"
            + using(role, expression));
  }

  @Command(name = "list", description = "Lists filters and masks.")
  int list(
      @Option(names = "--on", paramLabel = "TABLE", description = TABLE) @Nullable String table,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client, format, "SHOW POLICIES" + (table == null ? "" : " ON " + SqlQuoting.path(table)));
  }

  @Command(name = "drop-filter", description = "Drops a row filter.")
  int dropFilter(
      @Parameters(paramLabel = "NAME", description = "The filter.") String name,
      @Option(names = "--on", paramLabel = "TABLE", required = true, description = TABLE)
          String table,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return drop(client, format, "ROW FILTER " + ifExists(ifExists), name, table);
  }

  @Command(name = "drop-mask", description = "Drops a column mask.")
  int dropMask(
      @Parameters(paramLabel = "NAME", description = "The mask.") String name,
      @Option(names = "--on", paramLabel = "TABLE", required = true, description = TABLE)
          String table,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return drop(client, format, "COLUMN MASK " + ifExists(ifExists), name, table);
  }

  private int drop(
      ClientOptions client, FormatOptions format, String what, String name, String table) {
    return send(
        client, format, "DROP " + what + SqlQuoting.name(name) + " ON " + SqlQuoting.path(table));
  }

  private static String create(boolean replace) {
    return replace ? "CREATE OR REPLACE " : "CREATE ";
  }

  /** The new line ends a comment. */
  private static String using(@Nullable String role, String expression) {
    return (role == null ? "" : " FOR ROLE " + SqlQuoting.name(role))
        + " USING ("
        + expression
        + "\n)";
  }
}
