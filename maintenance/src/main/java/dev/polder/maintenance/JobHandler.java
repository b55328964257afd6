package dev.polder.maintenance;

import dev.polder.metastore.job.Job;
import java.time.Duration;

/** Does one kind of job. It may be called again for a job that was cut off. Thread-safe. */
@FunctionalInterface
interface JobHandler {
  /**
   * Returns when the job is done, or this round of it.
   *
   * @param lease to be told of progress now and then; it throws when the work must stop
   */
  void run(Job job, JobLease lease) throws InterruptedException;

  /** After this time the job comes again; zero: it ends. */
  default Duration every() {
    return Duration.ZERO;
  }
}
