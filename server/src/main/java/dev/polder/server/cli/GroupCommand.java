package dev.polder.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder group}. */
@Command(name = "group", description = "Creates, lists and drops groups, and their members.")
final class GroupCommand extends AdminCommands {
  GroupCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Creates a group in your tenant or --tenant.")
  int create(
      @Parameters(paramLabel = "NAME", description = "Letters, digits and _.") String name,
      @Option(names = "--if-not-exists", description = "An existing one is no failure.")
          boolean ifNotExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "CREATE GROUP " + ifNotExists(ifNotExists) + SqlQuoting.name(name));
  }

  @Command(name = "list", description = "Lists the groups.")
  int list(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW GROUPS");
  }

  @Command(name = "drop", description = "Drops a group.")
  int drop(
      @Parameters(paramLabel = "NAME", description = "The group.") String name,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "DROP GROUP " + ifExists(ifExists) + SqlQuoting.name(name));
  }

  @Command(name = "add", description = "Makes a user a member of a group.")
  int add(
      @Parameters(paramLabel = "GROUP", description = "The group.") String group,
      @Parameters(paramLabel = "USER", description = "The user.") String user,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "ADD USER " + SqlQuoting.name(user) + " TO GROUP " + SqlQuoting.name(group));
  }

  @Command(name = "remove", description = "Takes a user out of a group.")
  int remove(
      @Parameters(paramLabel = "GROUP", description = "The group.") String group,
      @Parameters(paramLabel = "USER", description = "The user.") String user,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "REMOVE USER " + SqlQuoting.name(user) + " FROM GROUP " + SqlQuoting.name(group));
  }
}
