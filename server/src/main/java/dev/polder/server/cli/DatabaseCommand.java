package dev.polder.server.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code polder database}. */
@Command(name = "database", description = "Creates, lists, changes and drops databases.")
final class DatabaseCommand extends AdminCommands {
  DatabaseCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Creates a database.")
  int create(
      @Option(
              names = "--for-tenant",
              paramLabel = "TENANT",
              description = "The tenant whose tables it holds first.")
          @Nullable String owner,
      @Option(names = "--if-not-exists", description = "An existing one is no failure.")
          boolean ifNotExists,
      @Mixin CreationOptions options,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    String forTenant = owner == null ? "" : " FOR TENANT " + SqlQuoting.name(owner);
    return send(
        client,
        format,
        "CREATE DATABASE "
            + ifNotExists(ifNotExists)
            + SqlQuoting.name(options.name())
            + forTenant
            + options.sql());
  }

  @Command(name = "list", description = "Lists the databases that you may see.")
  int list(
      @Option(names = "--dropped", description = "Those that were dropped, with their numbers.")
          boolean dropped,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, dropped ? "SHOW DROPPED DATABASES" : "SHOW DATABASES");
  }

  @Command(name = "drop", description = "Drops a database.")
  int drop(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Option(names = "--cascade", description = "With all its tables.") boolean cascade,
      @Option(
              names = "--force",
              description = "With all its tables, once its clones have files of their own.")
          boolean force,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "DROP DATABASE "
            + ifExists(ifExists)
            + SqlQuoting.name(name)
            + (force ? " FORCE" : cascade ? " CASCADE" : ""));
  }

  @Command(name = "undrop", description = "Takes the drop of a database back.")
  int undrop(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "UNDROP DATABASE " + SqlQuoting.name(name));
  }

  @Command(name = "rename", description = "Renames a database.")
  int rename(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Parameters(paramLabel = "NEW-NAME", description = "Its new name.") String to,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "ALTER DATABASE " + SqlQuoting.name(name) + " RENAME TO " + SqlQuoting.name(to));
  }

  @Command(name = "clone", description = "Makes a database that begins as another one is.")
  int clone(
      @Parameters(paramLabel = "NAME", description = "The clone.") String name,
      @Parameters(paramLabel = "SOURCE", description = "The database it begins as.") String source,
      @Option(
              names = "--as-of",
              paramLabel = "MILLIS",
              description = "The source's state at this time; default: now.")
          @Nullable Long asOf,
      @Option(
              names = "--version",
              paramLabel = "COMMIT",
              description = "The source's state after this commit.")
          @Nullable Long version,
      @Option(
              names = "--materialize",
              paramLabel = "WHEN",
              description = "When it gets files of its own: background (default) or manual.")
          @Nullable String materialize,
      @Option(
              names = "--expires-after",
              paramLabel = "TIME",
              description = "After which it is dropped, such as 30m, 2h or 7d.")
          @Nullable String expiresAfter,
      @Option(names = "--if-not-exists", description = "An existing one is no failure.")
          boolean ifNotExists,
      @Option(names = "--dry-run", description = "Only tells what it would clone.") boolean dryRun,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    if (asOf != null && version != null) {
      throw new ParameterException(client.commandLine(), "give --as-of or --version, not both");
    }
    Map<String, String> options = new LinkedHashMap<>();
    option(options, "materialize", materialize);
    option(options, "expires_after", expiresAfter);
    return send(
        client,
        format,
        "CLONE DATABASE "
            + ifNotExists(ifNotExists)
            + SqlQuoting.name(name)
            + " FROM "
            + SqlQuoting.name(source)
            + (asOf == null ? "" : " AS OF SYSTEM TIME " + asOf)
            + (version == null ? "" : " FOR VERSION AS OF " + version)
            + with(options)
            + (dryRun ? " DRY RUN" : ""));
  }

  @Command(name = "mirror", description = "Makes a read-only database that follows another one.")
  int mirror(
      @Parameters(paramLabel = "NAME", description = "The mirror.") String name,
      @Parameters(paramLabel = "SOURCE", description = "The database that it follows.")
          String source,
      @Option(
              names = "--cluster",
              paramLabel = "CLUSTER",
              description = "The server that the source is on; default: this one.")
          @Nullable String cluster,
      @Option(names = "--sync", description = "The source's commits wait for it.") boolean sync,
      @Option(
              names = "--sync-timeout",
              paramLabel = "TIME",
              description = "How long they wait, such as 5s; with --sync and --cluster.")
          @Nullable String syncTimeout,
      @Option(
              names = "--on-timeout",
              paramLabel = "ACTION",
              description = "What they do then: fail, or degrade: go on without it; with --sync.")
          @Nullable String onTimeout,
      @Option(names = "--if-not-exists", description = "An existing one is no failure.")
          boolean ifNotExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    Map<String, String> options = new LinkedHashMap<>();
    option(options, "sync_timeout", syncTimeout);
    option(options, "on_timeout", onTimeout);
    return send(
        client,
        format,
        "MIRROR DATABASE "
            + ifNotExists(ifNotExists)
            + SqlQuoting.name(name)
            + " FROM "
            + (cluster == null ? "" : SqlQuoting.name(cluster) + ".")
            + SqlQuoting.name(source)
            + (sync ? " MODE = sync" : "")
            + with(options));
  }

  @Command(name = "promote", description = "Lets a mirror be written; it follows no more.")
  int promote(
      @Parameters(paramLabel = "NAME", description = "The mirror.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "ALTER DATABASE " + SqlQuoting.name(name) + " PROMOTE");
  }

  @Command(
      name = "detach-mirror",
      description =
          "Lets go of a synchronous mirror on another server: commits do not wait for it.")
  int detachMirror(
      @Parameters(paramLabel = "NAME", description = "The mirror's source.") String name,
      @Parameters(paramLabel = "MIRROR", description = "The mirror, as mirror-status names it.")
          String mirror,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "ALTER DATABASE " + SqlQuoting.name(name) + " DETACH MIRROR " + SqlQuoting.name(mirror));
  }

  @Command(
      name = "mirror-status",
      description = "Shows how far a mirror is, or the synchronous mirrors of a database.")
  int mirrorStatus(
      @Parameters(paramLabel = "NAME", description = "The mirror.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "SHOW DATABASE MIRROR STATUS FOR " + SqlQuoting.name(name));
  }

  @Command(name = "mirrors", description = "Lists all mirrors: source, status, lag, error.")
  int mirrors(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW MIRRORS");
  }

  @Command(name = "materialize", description = "Gives a clone files of its own, and waits for it.")
  int materialize(
      @Parameters(paramLabel = "NAME", description = "The clone.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return watch(
        client, format, "ALTER DATABASE " + SqlQuoting.name(name) + " MATERIALIZE", "materialize");
  }

  @Command(name = "jobs", description = "Shows the background work, such as that on clones.")
  int jobs(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW JOBS");
  }

  @Command(name = "add-tenant", description = "Gives one more tenant a space in a database.")
  int addTenant(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Parameters(paramLabel = "TENANT", description = "The tenant.") String tenant,
      @Option(names = "--if-not-exists", description = "One that it has is no failure.")
          boolean ifNotExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "ALTER DATABASE "
            + SqlQuoting.name(name)
            + " ADD TENANT "
            + ifNotExists(ifNotExists)
            + SqlQuoting.name(tenant));
  }

  @Command(name = "remove-tenant", description = "Takes a tenant's empty space out of a database.")
  int removeTenant(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Parameters(paramLabel = "TENANT", description = "The tenant.") String tenant,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "ALTER DATABASE "
            + SqlQuoting.name(name)
            + " REMOVE TENANT "
            + ifExists(ifExists)
            + SqlQuoting.name(tenant));
  }

  @Command(name = "reset", description = "Begins a clone again with its source's newest state.")
  int reset(
      @Parameters(paramLabel = "NAME", description = "The clone.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "RESET DATABASE " + SqlQuoting.name(name) + " TO SOURCE");
  }

  @Command(name = "backup", description = "Writes an encrypted backup of a database.")
  int backup(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Parameters(
              paramLabel = "PLACE",
              description = "A name below the backup directory, file:///… or s3://….")
          String place,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return watch(
        client,
        format,
        "BACKUP DATABASE " + SqlQuoting.name(name) + " TO " + SqlQuoting.text(place),
        "backup");
  }

  @Command(name = "restore", description = "Makes a database of a backup.")
  int restore(
      @Parameters(paramLabel = "NAME", description = "The database to be.") String name,
      @Parameters(paramLabel = "PLACE", description = "Where the backup lies.") String place,
      @Option(names = "--force", description = "Replaces what a database of the name holds.")
          boolean force,
      @Option(names = "--dry-run", description = "Only verifies the backup and tells of it.")
          boolean dryRun,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return watch(
        client,
        format,
        "RESTORE DATABASE "
            + SqlQuoting.name(name)
            + " FROM "
            + SqlQuoting.text(place)
            + (force ? " FORCE" : "")
            + (dryRun ? " DRY RUN" : ""),
        "restore");
  }

  @Command(name = "backups", description = "Lists the backups that the server can reach.")
  int backups(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW BACKUPS");
  }

  @Command(name = "lineage", description = "Shows what a database was cloned from.")
  int lineage(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "SHOW DATABASE LINEAGE FOR " + SqlQuoting.name(name));
  }

  @Command(name = "diff", description = "Shows in which tables two databases differ.")
  int diff(
      @Parameters(paramLabel = "LEFT", description = "A database.") String left,
      @Parameters(paramLabel = "RIGHT", description = "Another one.") String right,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "SHOW DATABASE DIFF " + SqlQuoting.name(left) + ", " + SqlQuoting.name(right));
  }

  @Command(name = "quota", description = "Shows or sets what a database may use.")
  int quota(@Mixin QuotaOptions quota, @Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(
        client,
        format,
        quota.isEmpty()
            ? "SHOW DATABASE QUOTA FOR " + SqlQuoting.name(quota.name())
            : "ALTER DATABASE " + SqlQuoting.name(quota.name()) + quota.sql());
  }

  @Command(name = "usage", description = "Shows what a database uses.")
  int usage(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "SHOW DATABASE USAGE FOR " + SqlQuoting.name(name));
  }

  @Command(name = "collect", description = "Tells what the collector would take of a database.")
  int collect(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Option(names = "--dry-run", required = true, description = "It runs by itself.")
          boolean dryRun,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client, format, "COLLECT DATABASE " + SqlQuoting.name(name) + (dryRun ? " DRY RUN" : ""));
  }

  @Command(name = "collected", description = "Lists files that the collector took, newest first.")
  int collected(
      @Option(
              names = "--in-database",
              paramLabel = "DATABASE",
              description = "Those of this database alone.")
          @Nullable String database,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "SHOW COLLECTED" + (database == null ? "" : " IN DATABASE " + SqlQuoting.name(database)));
  }

  @Command(name = "audit-dml", description = "Says which statements about rows are audited.")
  int auditDml(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Parameters(paramLabel = "MODE", description = "all, writes or none.") String mode,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "ALTER DATABASE " + SqlQuoting.name(name) + " SET AUDIT_DML = " + SqlQuoting.text(mode));
  }

  @Command(name = "idle-timeout", description = "Ends sessions that are idle for too long.")
  int idleTimeout(
      @Parameters(paramLabel = "NAME", description = "The database.") String name,
      @Parameters(paramLabel = "SECONDS", description = "0 is without limit.") int seconds,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "ALTER DATABASE " + SqlQuoting.name(name) + " SET IDLE_TIMEOUT = " + seconds);
  }
}
