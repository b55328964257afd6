package dev.polder.maintenance;

import dev.polder.lake.Heartbeat;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.job.Job;
import dev.polder.metastore.job.JobPlace;
import dev.polder.model.PolderException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that a statement waits for, written down as a job: seen, and taken up if the server dies.
 *
 * @param owner the statement
 */
public record StatementJob(Job job, String owner) {
  private static final Logger LOG = LoggerFactory.getLogger(StatementJob.class);

  /** Writes down work that is to {@link #finish} as soon as the transaction has ended. */
  static StatementJob begin(
      MetastoreTransaction tx, String kind, String payload, Optional<JobPlace> place) {
    String owner = "statement-" + UUID.randomUUID();
    return new StatementJob(tx.jobs().start(kind, payload, place, owner, JobLease.MICROS), owner);
  }

  /**
   * Writes the work down and does it now.
   *
   * @param work is given where to report its progress, as JSON; a report may throw, and then the
   *     work must stop
   */
  static <T> T run(
      Metastore metastore,
      String kind,
      String payload,
      Optional<JobPlace> place,
      Function<Consumer<String>, T> work) {
    StatementJob job = metastore.write(tx -> begin(tx, kind, payload, place));
    try {
      return job.run(metastore, work);
    } catch (RuntimeException e) {
      end(
          metastore,
          e,
          tx -> tx.jobs().fail(job.job().id(), job.owner(), String.valueOf(e.getMessage())));
      throw e;
    }
  }

  /**
   * Does the work now. Cut off, it goes back into the queue.
   *
   * @return why it was cut off
   */
  Optional<PolderException> finish(Metastore metastore, Function<Consumer<String>, ?> work) {
    try {
      run(metastore, work);
      return Optional.empty();
    } catch (PolderException e) {
      end(
          metastore,
          e,
          tx -> tx.jobs().retry(job.id(), owner, String.valueOf(e.getMessage()), tx.now()));
      return Optional.of(e);
    }
  }

  private <T> T run(Metastore metastore, Function<Consumer<String>, T> work) {
    JobLease lease = new JobLease(metastore, job.id(), owner);
    T result;
    try (Heartbeat _ = new Heartbeat(JobLease.LENGTH.dividedBy(4), lease::beat)) {
      result = work.apply(lease::report);
    }
    complete(metastore, lease);
    return result;
  }

  /** The work is done, and stays so, whatever becomes of its record. */
  private void complete(Metastore metastore, JobLease lease) {
    try {
      lease.beat();
      metastore.write(tx -> tx.jobs().complete(job.id(), owner));
    } catch (PolderException e) {
      LOG.warn("job {} {} is done and not noted as such", job.kind(), job.id(), e);
    }
  }

  private static void end(
      Metastore metastore, RuntimeException failure, Metastore.Work<Boolean> ending) {
    try {
      metastore.write(ending);
    } catch (PolderException e) {
      failure.addSuppressed(e);
    }
  }
}
