package dev.polder.maintenance;

import dev.polder.lake.backup.BackupProgress;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.job.Job;
import java.util.Optional;
import java.util.function.Function;

/**
 * Backups and restores while statements wait for them, as jobs that are seen with their progress.
 * One whose server dies has failed: its statement is gone, and it left nothing that counts.
 * Thread-safe.
 */
public final class BackupJobs {
  static final String BACKUP = "backup";
  static final String RESTORE = "restore";

  private final Metastore metastore;

  public BackupJobs(Metastore metastore) {
    this.metastore = metastore;
  }

  public <T> T backup(String what, Function<BackupProgress.Listener, T> work) {
    return run(BACKUP, what, work);
  }

  public <T> T restore(String what, Function<BackupProgress.Listener, T> work) {
    return run(RESTORE, what, work);
  }

  private <T> T run(String kind, String what, Function<BackupProgress.Listener, T> work) {
    return StatementJob.run(
        metastore,
        kind,
        what,
        Optional.empty(),
        report -> work.apply(progress -> report.accept(json(progress))));
  }

  /** What becomes of one whose server has died. */
  void abandoned(Job job, JobLease lease) {
    metastore.write(tx ->
        tx.jobs()
            .fail(
                job.id(),
                job.leaseOwner().orElseThrow(),
                "the server ended before the " + job.kind() + " did; run it again"));
  }

  private static String json(BackupProgress progress) {
    return "{\"phase\":\""
        + progress.phase()
        + "\",\"files\":"
        + progress.files()
        + ",\"files_done\":"
        + progress.filesDone()
        + ",\"bytes\":"
        + progress.bytes()
        + ",\"bytes_done\":"
        + progress.bytesDone()
        + "}";
  }
}
