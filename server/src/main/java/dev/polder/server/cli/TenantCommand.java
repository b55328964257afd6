package dev.polder.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder tenant}. */
@Command(name = "tenant", description = "Creates, lists, changes and drops tenants.")
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

  @Command(name = "default", description = "Shows or sets where a tenant's sessions begin.")
  int setDefault(
      @Mixin DefaultOptions of, @Mixin FormatOptions format, @Mixin ClientOptions client) {
    return of.shows()
        ? sendFor(client, format, "SHOW TENANTS", of.name())
        : send(client, format, "ALTER TENANT " + SqlQuoting.name(of.name()) + of.sql(client));
  }

  @Command(name = "quota", description = "Shows or sets what a tenant may use in a database.")
  int quota(
      @Mixin QuotaOptions quota,
      @Option(
              names = "--in-database",
              required = true,
              paramLabel = "DATABASE",
              description = "The database.")
          String database,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    String of = SqlQuoting.name(quota.name()) + " IN DATABASE " + SqlQuoting.name(database);
    return send(
        client,
        format,
        quota.isEmpty() ? "SHOW TENANT QUOTA FOR " + of : "ALTER TENANT " + of + quota.sql());
  }

  @Command(name = "usage", description = "Shows what a tenant uses in a database.")
  int usage(
      @Parameters(paramLabel = "NAME", description = "The tenant.") String name,
      @Option(
              names = "--in-database",
              required = true,
              paramLabel = "DATABASE",
              description = "The database.")
          String database,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "SHOW TENANT USAGE FOR "
            + SqlQuoting.name(name)
            + " IN DATABASE "
            + SqlQuoting.name(database));
  }

  @Command(name = "move", description = "Moves a tenant's space from one database into another.")
  int move(
      @Parameters(paramLabel = "NAME", description = "The tenant.") String name,
      @Option(
              names = "--from",
              paramLabel = "DATABASE",
              required = true,
              description = "Where it is.")
          String from,
      @Option(names = "--to", paramLabel = "DATABASE", required = true, description = "Where to.")
          String to,
      @Option(
              names = "--drain-timeout",
              paramLabel = "SECONDS",
              description = "How long running statements may take. Default: 30.")
          @Nullable Integer drain,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "MOVE TENANT "
            + SqlQuoting.name(name)
            + " FROM "
            + SqlQuoting.name(from)
            + " TO "
            + SqlQuoting.name(to)
            + (drain == null ? "" : " WITH (drain_timeout = " + drain + ")"));
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
