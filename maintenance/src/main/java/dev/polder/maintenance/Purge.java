package dev.polder.maintenance;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.collect.Collector;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.collect.PurgeStore;
import dev.polder.metastore.job.Job;
import dev.polder.metastore.job.JobPlace;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.JobId;
import dev.polder.model.PrincipalId;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends the history of a dropped table and deletes its files, in rounds: as long as a backup or a
 * mirror reads a state that has the table it waits, and for the deleting it waits until nothing
 * runs any more that began before. What clones need stays, and is the collector's later. Each round
 * may be cut off and done again. Thread-safe.
 */
public final class Purge implements JobHandler {
  public static final String KIND = "purge";
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration LATER = Duration.ofSeconds(30);

  private final Metastore metastore;
  private final Collector collector;

  Purge(Metastore metastore, Collector collector) {
    this.metastore = metastore;
    this.collector = collector;
  }

  /** As part of the drop's transaction: has some server do it as soon as one is free. */
  public static void enqueue(
      MetastoreTransaction tx, JobId id, LakeCollection dropped, PrincipalId by) {
    tx.jobs()
        .enqueue(
            id,
            KIND,
            dropped.id() + " " + dropped.ref(),
            Optional.of(
                new JobPlace(
                    dropped.space().database(),
                    Optional.of(dropped.space().tenant()),
                    Optional.of(by))),
            tx.now());
  }

  /** The table's name, as it was dropped. */
  public static String table(String payload) {
    return payload.substring(payload.indexOf(' ') + 1);
  }

  @Override
  public void run(Job job, JobLease lease) {
    CollectionId table = new CollectionId(job.payload().substring(0, job.payload().indexOf(' ')));
    Optional<String> wait =
        metastore.write(tx -> {
          lease.require(tx);
          return tx.purges().purge(table);
        });
    if (wait.isPresent()) {
      lease.report("{\"phase\":\"waiting\",\"waiting_for\":\"" + wait.get() + "\"}");
      lease.again(LATER);
      return;
    }
    lease.beat();
    lease.check();
    DatabaseId database = job.place().orElseThrow().database();
    PurgeStore.Progress progress = collector.purged(database, table);
    lease.report(
        "{\"phase\":\"deleting\",\"files_deleted\":"
            + progress.deleted()
            + ",\"files_to_delete\":"
            + progress.condemned()
            + ",\"files_kept\":"
            + progress.kept()
            + "}");
    if (progress.condemned() > 0) {
      lease.again(SOON);
    }
  }
}
