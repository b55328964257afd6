package dev.polder.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder tenant}. */
@Command(name = "tenant", description = "Creates, lists and drops tenants.")
final class TenantCommand extends AdminCommands {
  TenantCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Creates a tenant.")
  int create(
      @Parameters(paramLabel = "NAME", description = "Lower-case letters, digits and _.")
          String name,
      @Option(names = "--if-not-exists", description = "An existing one is no failure.")
          boolean ifNotExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client, format, "CREATE TENANT " + ifNotExists(ifNotExists) + SqlQuoting.name(name));
  }

  @Command(name = "list", description = "Lists the tenants.")
  int list(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW TENANTS");
  }

  @Command(name = "drop", description = "Drops a tenant that owns nothing any more.")
  int drop(
      @Parameters(paramLabel = "NAME", description = "The tenant.") String name,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "DROP TENANT " + ifExists(ifExists) + SqlQuoting.name(name));
  }
}
