package dev.polder.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder database}. */
@Command(name = "database", description = "Creates, lists and drops databases.")
final class DatabaseCommand extends AdminCommands {
  DatabaseCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Creates a database.")
  int create(
      @Parameters(paramLabel = "NAME", description = "Letters, digits and _.") String name,
      @Option(
              names = "--for-tenant",
              paramLabel = "TENANT",
              description = "The tenant whose tables it holds first.")
          @Nullable String owner,
      @Option(names = "--if-not-exists", description = "An existing one is no failure.")
          boolean ifNotExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    String forTenant = owner == null ? "" : " FOR TENANT " + SqlQuoting.name(owner);
    return send(
        client,
        format,
        "CREATE DATABASE " + ifNotExists(ifNotExists) + SqlQuoting.name(name) + forTenant);
  }

  @Command(name = "list", description = "Lists the databases that you may see.")
  int list(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW DATABASES");
  }

  @Command(name = "drop", description = "Drops a database.")
  int drop(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Option(names = "--cascade", description = "With all its tables.") boolean cascade,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "DROP DATABASE "
            + ifExists(ifExists)
            + SqlQuoting.name(name)
            + (cascade ? " CASCADE" : ""));
  }
}
