package dev.polder.maintenance;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.job.Job;
import dev.polder.model.PolderException;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Work that a statement waits for, written down as a job: seen, and taken up if the server dies.
 */
final class StatementJob {
  private static final long BEAT_NANOS = JobLease.LENGTH.toNanos() / 4;

  private StatementJob() {}

  /**
   * Does the work now.
   *
   * @param work is given where to report its progress, as JSON; a report may throw, and then the
   *     work must stop
   */
  static <T> T run(
      Metastore metastore, String kind, String payload, Function<Consumer<String>, T> work) {
    String owner = "statement-" + UUID.randomUUID();
    Job job = metastore.write(tx -> tx.jobs().start(kind, payload, owner, JobLease.MICROS));
    JobLease lease = new JobLease(metastore, job.id(), owner);
    long[] beaten = {System.nanoTime()};
    try {
      T result =
          work.apply(json -> {
            lease.report(json);
            if (System.nanoTime() - beaten[0] > BEAT_NANOS) {
              lease.beat();
              beaten[0] = System.nanoTime();
            }
          });
      lease.beat();
      metastore.write(tx -> tx.jobs().complete(job.id(), owner));
      return result;
    } catch (PolderException e) {
      metastore.write(tx -> tx.jobs().fail(job.id(), owner, String.valueOf(e.getMessage())));
      throw e;
    }
  }
}
