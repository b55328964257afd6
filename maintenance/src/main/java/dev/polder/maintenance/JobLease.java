package dev.polder.maintenance;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.job.Job;
import dev.polder.model.ErrorCode;
import dev.polder.model.JobId;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.Optional;

/**
 * A server's hold on a job while it works on it. Each beat prolongs it and stores the newest
 * progress; once it went to another server, or the job was cancelled, reports fail. Thread-safe.
 */
final class JobLease {
  static final Duration LENGTH = Duration.ofSeconds(60);
  static final long MICROS = LENGTH.toMillis() * 1_000;

  private final Metastore metastore;
  private final JobId job;
  private final String owner;
  private volatile String progress = "{}";
  private volatile boolean lost;
  private volatile Duration pause = Duration.ZERO;

  JobLease(Metastore metastore, JobId job, String owner) {
    this.metastore = metastore;
    this.job = job;
    this.owner = owner;
  }

  /**
   * Takes note of progress, as JSON.
   *
   * @throws PolderException STATEMENT_CANCELLED: stop
   */
  void report(String json) {
    progress = json;
    check();
  }

  /** Whether the work may go on; throws as {@link #report} does. */
  void check() {
    if (lost) {
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the job was cancelled or went to another server");
    }
  }

  void beat() {
    Optional<Job> held = metastore.write(tx -> tx.jobs().heartbeat(job, owner, MICROS, progress));
    if (held.isEmpty() || held.get().cancelRequested()) {
      lost = true;
    }
  }

  /** As part of a transaction that only the holder may make: prolongs it. False: it is lost. */
  boolean hold(MetastoreTransaction tx) {
    return tx.jobs().heartbeat(job, owner, MICROS, progress).isPresent();
  }

  /**
   * As part of a transaction that must not land once somebody has asked the job to stop.
   *
   * @throws PolderException STATEMENT_CANCELLED: stop
   */
  void require(MetastoreTransaction tx) {
    if (tx.jobs()
        .heartbeat(job, owner, MICROS, progress)
        .filter(held -> !held.cancelRequested())
        .isEmpty()) {
      lost = true;
    }
    check();
  }

  /** Has the job come again after a time, for it is not done yet. */
  void again(Duration after) {
    pause = after;
  }

  /** Zero: the job is done. */
  Duration pause() {
    return pause;
  }

  boolean isLost() {
    return lost;
  }
}
