package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.lake.backup.BackupInfo;
import dev.polder.lake.backup.BackupProgress;
import dev.polder.lake.backup.Backups;
import dev.polder.lake.backup.RestoreReport;
import dev.polder.lake.backup.RestoreRequest;
import dev.polder.lake.backup.Restores;
import dev.polder.maintenance.BackupJobs;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.Standing;
import dev.polder.policy.admin.DatabaseGate;
import dev.polder.sql.statement.DatabaseStatement.BackupDatabase;
import dev.polder.sql.statement.DatabaseStatement.RestoreDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * BACKUP DATABASE, RESTORE DATABASE and SHOW BACKUPS. The first two wait, with their progress in
 * SHOW JOBS; cut off, they have no effect. Stateless.
 */
final class BackupStatements {
  static final List<Header> BACKUP =
      List.of(
          Table.text("place"),
          Table.number("as_of"),
          Table.number("tables"),
          Table.number("views"),
          Table.number("files"),
          Table.number("bytes"),
          Table.text("key"));
  static final List<Header> RESTORE =
      List.of(
          Table.text("place"),
          Table.text("backup_of"),
          Table.number("as_of"),
          Table.number("tables"),
          Table.number("views"),
          Table.number("files"),
          Table.number("bytes"),
          Table.flag("replaces"),
          Table.text("new_tenants"),
          Table.text("missing"));
  static final List<Header> BACKUPS =
      List.of(
          Table.text("place"),
          Table.text("database"),
          Table.number("as_of"),
          Table.time("committed_at"),
          Table.time("created_at"),
          Table.number("tables"),
          Table.number("views"),
          Table.number("files"),
          Table.number("bytes"),
          Table.text("key"));

  private BackupStatements() {}

  static Result backup(Work work, BackupDatabase statement) {
    Backups backups = work.context().engine().lake().backups();
    Database database =
        work.write(tx -> {
          DatabaseGate gate = work.gate(tx);
          Database found = gate.require(DatabaseOperation.BACKUP, statement.database());
          if (!gate.standings(found.id()).contains(Standing.SUPERUSER)) {
            backups.requireOwnPlace(found, statement.uri());
          }
          return found;
        });
    BackupInfo info =
        jobs(work)
            .backup(
                database.name() + " to " + statement.uri(),
                report ->
                    backups.run(
                        database.id(),
                        statement.uri(),
                        work.actor().name(),
                        listener(work, report)));
    Table rows = Table.of(BACKUP);
    rows.add(
        info.place(),
        info.seq(),
        info.tables(),
        info.views(),
        info.files(),
        info.bytes(),
        info.key());
    return rows.answer(work.context());
  }

  static Result restore(Work work, RestoreDatabase statement) {
    work.write(tx -> {
      work.gate(tx).require(DatabaseOperation.RESTORE);
      return statement;
    });
    Restores restores = work.context().engine().lake().restores();
    RestoreRequest request =
        new RestoreRequest(
            statement.uri(),
            statement.database(),
            statement.force(),
            work.actor().name(),
            work.sessionTenant());
    RestoreReport done =
        statement.dryRun()
            ? restores.dryRun(request, listener(work, progress -> {}))
            : jobs(work)
                .restore(
                    statement.database() + " from " + statement.uri(),
                    report -> restore(work, restores, request, listener(work, report)));
    Table rows = Table.of(RESTORE);
    BackupInfo backup = done.backup();
    rows.add(
        backup.place(),
        backup.database().value(),
        backup.seq(),
        backup.tables(),
        backup.views(),
        backup.files(),
        backup.bytes(),
        done.replaces(),
        String.join(", ", done.newTenants()),
        String.join(", ", done.missing()));
    return rows.answer(work.context());
  }

  private static RestoreReport restore(
      Work work, Restores restores, RestoreRequest request, BackupProgress.Listener listener) {
    return restores.run(
        request,
        listener,
        (tx, backup, database) -> {
          work.gate(tx).require(DatabaseOperation.RESTORE);
          DatabaseStatements.audit(
              work,
              tx,
              database.id(),
              EventType.DATABASE_RESTORED,
              database.name(),
              Map.of(
                  "place",
                  backup.place(),
                  "backup_of",
                  backup.database().value(),
                  "as_of",
                  Long.toString(backup.seq())));
        });
  }

  private static BackupProgress.Listener listener(Work work, BackupProgress.Listener report) {
    return progress -> {
      work.context().cancellation().check();
      report.report(progress);
    };
  }

  private static BackupJobs jobs(Work work) {
    return new BackupJobs(work.context().engine().metastore());
  }

  static Result show(Work work) {
    work.read(tx -> {
      work.gate(tx).require(DatabaseOperation.SHOW_BACKUPS);
      return tx;
    });
    Table rows = Table.of(BACKUPS);
    for (Backups.Listed listed : work.context().engine().lake().backups().list()) {
      Optional<BackupInfo> info = listed.info();
      rows.add(
          listed.place(),
          info.map(it -> it.database().value()).orElse(null),
          info.map(BackupInfo::seq).orElse(null),
          info.map(BackupInfo::committedAt).orElse(null),
          info.map(BackupInfo::createdAt).orElse(null),
          info.map(BackupInfo::tables).orElse(null),
          info.map(BackupInfo::views).orElse(null),
          info.map(BackupInfo::files).orElse(null),
          info.map(BackupInfo::bytes).orElse(null),
          info.map(BackupInfo::key).orElse(null));
    }
    return rows.answer(work.context());
  }
}
