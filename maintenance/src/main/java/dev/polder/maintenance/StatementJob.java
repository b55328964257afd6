package dev.polder.maintenance;

import dev.polder.lake.Heartbeat;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.job.Job;
import dev.polder.model.PolderException;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that a statement waits for, written down as a job: seen, and taken up if the server dies.
 */
final class StatementJob {
  private static final Logger LOG = LoggerFactory.getLogger(StatementJob.class);

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
    T result;
    Heartbeat heart = new Heartbeat(JobLease.LENGTH.dividedBy(4), lease::beat);
    try {
      result = work.apply(lease::report);
    } catch (RuntimeException e) {
      fail(metastore, job, owner, e);
      throw e;
    } finally {
      heart.close();
    }
    complete(metastore, job, owner, lease);
    return result;
  }

  /** The work is done, and stays so, whatever becomes of its record. */
  private static void complete(Metastore metastore, Job job, String owner, JobLease lease) {
    try {
      lease.beat();
      metastore.write(tx -> tx.jobs().complete(job.id(), owner));
    } catch (PolderException e) {
      LOG.warn("job {} {} is done and not noted as such", job.kind(), job.id(), e);
    }
  }

  private static void fail(Metastore metastore, Job job, String owner, RuntimeException failure) {
    try {
      metastore.write(tx -> tx.jobs().fail(job.id(), owner, String.valueOf(failure.getMessage())));
    } catch (PolderException e) {
      failure.addSuppressed(e);
    }
  }
}
