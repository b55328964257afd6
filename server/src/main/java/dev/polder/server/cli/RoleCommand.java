package dev.polder.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder role}. */
@Command(name = "role", description = "Creates, lists and drops roles.")
final class RoleCommand extends AdminCommands {
  RoleCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Creates a role in your tenant or --tenant.")
  int create(
      @Parameters(paramLabel = "NAME", description = "Letters, digits and _.") String name,
      @Option(names = "--if-not-exists", description = "An existing one is no failure.")
          boolean ifNotExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "CREATE ROLE " + ifNotExists(ifNotExists) + SqlQuoting.name(name));
  }

  @Command(name = "list", description = "Lists the roles.")
  int list(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW ROLES");
  }

  @Command(name = "drop", description = "Drops a role.")
  int drop(
      @Parameters(paramLabel = "NAME", description = "The role.") String name,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "DROP ROLE " + ifExists(ifExists) + SqlQuoting.name(name));
  }
}
