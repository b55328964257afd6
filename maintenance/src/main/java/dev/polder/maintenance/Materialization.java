package dev.polder.maintenance;

import dev.polder.lake.Lake;
import dev.polder.lake.LakeMeters;
import dev.polder.lake.lineage.MaterializeProgress;
import dev.polder.lake.lineage.Materializer;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.job.Job;
import dev.polder.metastore.job.JobPlace;
import dev.polder.model.DatabaseId;
import dev.polder.model.JobId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import java.util.Optional;
import java.util.function.Consumer;

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

  /**
   * Has some server do it as soon as one is free.
   *
   * @param by whose doing it is
   */
  public static void enqueue(MetastoreTransaction tx, DatabaseId database, PrincipalName by) {
    tx.jobs()
        .enqueue(
            new JobId(tx.newId().toString()),
            KIND,
            new Order(database, Optional.of(by)).payload(),
            Optional.of(JobPlace.of(database)),
            tx.now());
  }

  /** What a job's payload says: the database and, after a space, whose doing it is. */
  private record Order(DatabaseId database, Optional<PrincipalName> by) {
    static Order parse(String payload) {
      String[] parts = payload.split(" ", 2);
      return new Order(
          new DatabaseId(Long.parseLong(parts[0])),
          parts.length == 1 ? Optional.empty() : Optional.of(new PrincipalName(parts[1])));
    }

    String payload() {
      return by.map(name -> database + " " + name).orElseGet(database::toString);
    }
  }

  /** In the background, no faster than the database's quota allows. */
  void run(Job job, JobLease lease, DutyCycle duty) {
    Order order = Order.parse(job.payload());
    DatabaseId database = order.database();
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
      meters.work(database, () -> materializer.run(database, order.by(), listener));
    }
  }

  /**
   * Returns when the database has files of its own alone.
   *
   * @param by whose doing it is
   * @param listener hears of progress; what it throws ends the work
   * @return false: it was so already
   */
  public boolean now(DatabaseId database, PrincipalName by, MaterializeProgress.Listener listener) {
    return StatementJob.run(
        metastore,
        KIND,
        new Order(database, Optional.of(by)).payload(),
        Optional.of(JobPlace.of(database)),
        report -> run(database, by, listener, report));
  }

  /** Work that a statement is to {@link #finish}; if its server dies another one does. */
  public record Begun(DatabaseId database, PrincipalName by, StatementJob job) {}

  /** Writes the work down in the transaction that makes it necessary. */
  public static Begun begin(MetastoreTransaction tx, DatabaseId database, PrincipalName by) {
    return new Begun(
        database,
        by,
        StatementJob.begin(
            tx,
            KIND,
            new Order(database, Optional.of(by)).payload(),
            Optional.of(JobPlace.of(database))));
  }

  /**
   * Returns when the database has files of its own alone, or the work was cut off: then it goes on
   * in the background.
   *
   * @return why it was cut off
   */
  public Optional<PolderException> finish(Begun begun, MaterializeProgress.Listener listener) {
    return begun
        .job()
        .finish(metastore, report -> run(begun.database(), begun.by(), listener, report));
  }

  private boolean run(
      DatabaseId database,
      PrincipalName by,
      MaterializeProgress.Listener listener,
      Consumer<String> report) {
    return materializer.run(
        database,
        Optional.of(by),
        progress -> {
          listener.report(progress);
          report.accept(json(progress));
        });
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
