package dev.polder.sql.statement;

import dev.polder.model.DatabaseName;
import dev.polder.model.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** About databases. */
public sealed interface DatabaseStatement extends AdminStatement {
  record CreateDatabase(
      SqlText text,
      DatabaseName database,
      boolean ifNotExists,
      Optional<TenantId> tenant,
      Map<String, String> options)
      implements DatabaseStatement {}

  record DropDatabase(SqlText text, DatabaseName database, boolean ifExists, DropMode mode)
      implements DatabaseStatement {}

  /** What DROP DATABASE does with what is in it. */
  enum DropMode {
    /** Refuses a database that holds anything. */
    RESTRICT,
    /** Drops what it holds. */
    CASCADE,
    /** Makes the databases that depend on it independent, then drops what it holds. */
    FORCE
  }

  /**
   * CLONE DATABASE.
   *
   * @param asOf empty: the newest commit
   * @param dryRun tells what it would clone and does nothing
   */
  record CloneDatabase(
      SqlText text,
      DatabaseName database,
      boolean ifNotExists,
      DatabaseName source,
      Optional<AsOf> asOf,
      Map<String, String> options,
      boolean dryRun)
      implements DatabaseStatement {}

  /** A moment of a database's history. */
  sealed interface AsOf {
    record Time(Instant instant) implements AsOf {}

    record Version(long seq) implements AsOf {}
  }

  /** ALTER DATABASE. */
  record AlterDatabase(SqlText text, DatabaseName database, DatabaseChange change)
      implements DatabaseStatement {}

  /** What ALTER DATABASE changes. */
  sealed interface DatabaseChange {
    record Rename(DatabaseName to) implements DatabaseChange {}

    /** Copies what it shares with its source, so that it depends on nobody. */
    record Materialize() implements DatabaseChange {}

    /** Gives one more tenant a space in it. */
    record AddTenant(TenantId tenant, boolean ifNotExists) implements DatabaseChange {}

    /** Takes a tenant's empty space out of it. */
    record RemoveTenant(TenantId tenant, boolean ifExists) implements DatabaseChange {}

    /** Zero: sessions may be idle as long as they like. */
    record SetIdleTimeout(long seconds) implements DatabaseChange {}

    /** Which statements about rows are audited: {@code all}, {@code writes} or {@code none}. */
    record SetAuditDml(String mode) implements DatabaseChange {}
  }

  /** RESET DATABASE … TO SOURCE: a clone begins again with its source's newest state. */
  record ResetDatabase(SqlText text, DatabaseName database) implements DatabaseStatement {}

  record UndropDatabase(SqlText text, DatabaseName database) implements DatabaseStatement {}

  /**
   * MOVE TENANT: the tenant's part of one database becomes its part of another one.
   *
   * @param options {@code drain_timeout} in seconds
   */
  record MoveTenant(
      SqlText text,
      TenantId tenant,
      DatabaseName source,
      DatabaseName target,
      Map<String, String> options)
      implements DatabaseStatement {}

  /** BACKUP DATABASE. */
  record BackupDatabase(SqlText text, DatabaseName database, String uri)
      implements DatabaseStatement {}

  /**
   * RESTORE DATABASE.
   *
   * @param database of any name, not only that which was backed up
   * @param force takes the place of what a database of the name holds
   * @param dryRun verifies the backup and tells what it would restore
   */
  record RestoreDatabase(
      SqlText text, DatabaseName database, String uri, boolean force, boolean dryRun)
      implements DatabaseStatement {}

  record ShowBackups(SqlText text) implements DatabaseStatement {}

  record ShowLineage(SqlText text, DatabaseName database) implements DatabaseStatement {}

  record ShowDatabaseDiff(SqlText text, DatabaseName left, DatabaseName right)
      implements DatabaseStatement {}
}
