package dev.polder.maintenance;

import dev.polder.lake.Lake;
import dev.polder.lake.LakeMeters;
import dev.polder.lake.lineage.MaterializeProgress;
import dev.polder.lake.lineage.Materializer;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.job.Job;
import dev.polder.model.DatabaseId;
import java.util.Optional;

/**
 * Gives clones files of their own: in the background, as a job, or while a statement waits, which
 * is written down as a job too, so that it is seen and goes on if the server dies. Thread-safe.
 */
public final class Materialization {
  public static final String KIND = "materialize";

  private final Metastore metastore;
  private final Materializer materializer;
  private final LakeMeters meters;

  public Materialization(Metastore metastore, Lake lake) {
    this.metastore = metastore;
    this.materializer = lake.materializer();
    this.meters = lake.meters();
  }

  /** Has some server do it as soon as one is free. */
  public static void enqueue(MetastoreTransaction tx, DatabaseId database) {
    tx.jobs().enqueue(KIND, database.toString(), tx.now());
  }

  /** In the background, no faster than the database's quota allows. */
  void run(Job job, JobLease lease, DutyCycle duty) {
    DatabaseId database = new DatabaseId(Long.parseLong(job.payload()));
    Optional<Database> found = metastore.read(tx -> tx.databases().find(database));
    if (found.isPresent() && found.get().droppedAt().isEmpty()) {
      DutyCycle.Shift shift = duty.begin(database);
      MaterializeProgress.Listener listener =
          new MaterializeProgress.Listener() {
            @Override
            public void report(MaterializeProgress progress) {
              lease.report(json(progress));
            }

            @Override
            public void pause() {
              shift.rest();
            }
          };
      meters.work(database, () -> materializer.run(database, listener));
    }
  }

  /**
   * Returns when the database has files of its own alone.
   *
   * @param listener hears of progress; what it throws ends the work
   * @return false: it was so already
   */
  public boolean now(DatabaseId database, MaterializeProgress.Listener listener) {
    return StatementJob.run(
        metastore,
        KIND,
        database.toString(),
        report ->
            materializer.run(
                database,
                progress -> {
                  listener.report(progress);
                  report.accept(json(progress));
                }));
  }

  private static String json(MaterializeProgress progress) {
    return "{\"tables\":"
        + progress.tables()
        + ",\"tables_done\":"
        + progress.tablesDone()
        + ",\"files\":"
        + progress.files()
        + ",\"bytes\":"
        + progress.bytes()
        + "}";
  }
}
