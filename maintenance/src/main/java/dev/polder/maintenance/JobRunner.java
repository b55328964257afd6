package dev.polder.maintenance;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.job.Job;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims due jobs and does them, a few at once. Several servers on one metastore share the queue:
 * what one leaves undone when it dies another one takes up. Thread-safe; closing it ends running
 * work, which goes on elsewhere or after the next start.
 */
final class JobRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
  private static final int ATTEMPTS = 10;

  private final Metastore metastore;
  private final Map<String, JobHandler> handlers;
  private final String owner;
  private final Duration poll;
  private final List<Thread> workers = new ArrayList<>();
  private final Map<Job, JobLease> running = new ConcurrentHashMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("polder-heartbeat").daemon().factory());

  JobRunner(
      Metastore metastore,
      Map<String, JobHandler> handlers,
      String owner,
      int threads,
      Duration poll) {
    this.metastore = metastore;
    this.handlers = Map.copyOf(handlers);
    this.owner = owner;
    this.poll = poll;
    long beat = JobLease.LENGTH.toMillis() / 4;
    var _ = heart.scheduleWithFixedDelay(this::beat, beat, beat, TimeUnit.MILLISECONDS);
    for (int i = 0; i < threads; i++) {
      workers.add(Thread.ofPlatform().name("polder-job-" + i).daemon().start(this::work));
    }
  }

  /** When the oldest running job was taken up, in microseconds. */
  OptionalLong oldest() {
    return running.keySet().stream()
        .mapToLong(job -> job.leaseUntil().orElseThrow() - JobLease.MICROS)
        .min();
  }

  private void beat() {
    running
        .values()
        .forEach(lease -> {
          try {
            lease.beat();
          } catch (RuntimeException e) {
            LOG.warn("the metastore does not take a job's heartbeat", e);
          }
        });
  }

  private void work() {
    try {
      while (stopped.getCount() > 0) {
        if (!next()) {
          boolean ended = stopped.await(poll.toMillis(), TimeUnit.MILLISECONDS);
          if (ended) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False: nothing is due. */
  private boolean next() throws InterruptedException {
    try {
      Optional<Job> job =
          metastore.write(tx -> tx.jobs().claim(owner, handlers.keySet(), JobLease.MICROS));
      if (job.isPresent()) {
        run(job.get());
      }
      return job.isPresent();
    } catch (PolderException e) {
      LOG.warn("the metastore does not answer the background work", e);
      return false;
    }
  }

  private void run(Job job) throws InterruptedException {
    JobLease lease = new JobLease(metastore, job.id(), owner);
    JobHandler handler = handlers.get(job.kind());
    if (handler == null) {
      throw new IllegalStateException("claimed a job of the unknown kind " + job.kind());
    }
    running.put(job, lease);
    try {
      handler.run(job, lease);
      lease.beat();
      long pause = Math.max(handler.every().toMillis(), lease.pause().toMillis()) * 1_000;
      metastore.write(tx ->
          pause == 0
              ? tx.jobs().complete(job.id(), owner)
              : tx.jobs().again(job.id(), owner, tx.now() + pause));
    } catch (RuntimeException e) {
      if (stopped.getCount() > 0) {
        failed(job, handler, lease, e);
      }
    } finally {
      running.remove(job);
    }
  }

  private void failed(Job job, JobHandler handler, JobLease lease, RuntimeException failure) {
    LOG.warn("job {} {} failed", job.kind(), job.id(), failure);
    String error = String.valueOf(failure.getMessage());
    metastore.write(tx -> {
      boolean cancelled =
          lease.isLost() && tx.jobs().find(job.id()).filter(Job::cancelRequested).isPresent();
      if (cancelled) {
        return tx.jobs().cancelled(job.id(), owner);
      }
      if (job.attempts() >= ATTEMPTS && handler.every().isZero()) {
        return tx.jobs().fail(job.id(), owner, error);
      }
      return tx.jobs().retry(job.id(), owner, error, tx.now() + pause(job.attempts()));
    });
  }

  private static long pause(int attempts) {
    return TimeUnit.SECONDS.toMicros(1L << Math.min(attempts, 10));
  }

  @Override
  public void close() {
    stopped.countDown();
    workers.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread worker : workers) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    heart.shutdownNow();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
