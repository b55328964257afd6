package dev.polder.maintenance;

import dev.polder.lake.Lake;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.job.Job;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's share of the background work: it says that it lives and since when its oldest
 * statement runs, does jobs, and does again and again what must be done once for all servers.
 * Thread-safe; closing it stops all of it.
 */
public final class Maintenance implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);
  private static final Duration BEAT = Duration.ofSeconds(10);
  private static final long LIFE_MICROS = BEAT.toMillis() * 1_000 * 12;
  private static final Duration MIRROR_POLL = Duration.ofMillis(500);
  private static final long KEPT_MICROS = Duration.ofDays(7).toMillis() * 1_000;
  static final String COLLECT = "collect";
  static final String SWEEP = "sweep";
  static final String EXPIRE = "expire";

  private final String id = "server-" + UUID.randomUUID();
  private final Metastore metastore;
  private final LongSupplier oldestWork;
  private final DutyCycle duty;
  private final JobRunner runner;
  private final LocalFollower follower;
  private final RemoteFollower remoteFollower;
  private final ScheduledExecutorService presence =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("polder-presence").daemon().factory());

  /** A server without sessions. */
  public Maintenance(
      Metastore metastore, Lake lake, MaintenanceOptions options, LongSupplier oldestWork) {
    this(metastore, lake, options, oldestWork, SpaceSessions.NONE);
  }

  /**
   * @param oldestWork a time in microseconds before which nothing began that this server still does
   */
  public Maintenance(
      Metastore metastore,
      Lake lake,
      MaintenanceOptions options,
      LongSupplier oldestWork,
      SpaceSessions sessions) {
    this.metastore = metastore;
    this.oldestWork = oldestWork;
    lake.collector().keep(options.collect());
    metastore.write(tx -> {
      tx.jobs().ensure(COLLECT, "{}", tx.now() + micros(options.collectEvery()));
      tx.jobs().ensure(SWEEP, "{}", tx.now() + micros(options.sweepEvery()));
      tx.jobs().ensure(EXPIRE, "{}", tx.now());
      return true;
    });
    Expiry expiry = new Expiry(metastore);
    duty = new DutyCycle(metastore);
    BackupJobs backups = new BackupJobs(metastore);
    runner =
        new JobRunner(
            metastore,
            Map.of(
                Materialization.KIND,
                (job, lease) -> new Materialization(metastore, lake).run(job, lease, duty),
                Relocation.KIND,
                new Relocation(metastore, lake, sessions)::run,
                Purge.KIND,
                new Purge(metastore, lake.collector()),
                BackupJobs.BACKUP,
                backups::abandoned,
                BackupJobs.RESTORE,
                backups::abandoned,
                VerifyJobs.KIND,
                backups::abandoned,
                COLLECT,
                again(
                    options.collectEvery(),
                    () -> {
                      lake.collector().run(options.collect(), duty);
                      metastore.write(tx -> tx.jobs().deleteFinished(tx.now() - KEPT_MICROS));
                    }),
                SWEEP,
                again(options.sweepEvery(), () -> lake.collector().sweep(options.collect())),
                EXPIRE,
                again(options.expireEvery(), expiry::run)),
            id,
            options.threads(),
            options.poll());
    follower = new LocalFollower(metastore, MIRROR_POLL);
    remoteFollower = new RemoteFollower(metastore, lake, id);
    beat();
    var _ =
        presence.scheduleWithFixedDelay(
            this::tryBeat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static long micros(Duration duration) {
    return duration.toMillis() * 1_000;
  }

  private static JobHandler again(Duration every, Runnable work) {
    return new Again(every, work);
  }

  /** Goes back into the queue instead of ending, so that it is there once at any time. */
  private record Again(Duration every, Runnable work) implements JobHandler {
    @Override
    public void run(Job job, JobLease lease) {
      work.run();
    }
  }

  private void beat() {
    long oldest = oldestWork.getAsLong();
    long oldestOfAll =
        LongStream.of(
                oldest, runner.oldest().orElse(oldest), remoteFollower.oldest().orElse(oldest))
            .min()
            .orElse(oldest);
    metastore.write(tx -> {
      tx.servers().beat(id, oldestOfAll, tx.now() + LIFE_MICROS);
      return id;
    });
  }

  private void tryBeat() {
    try {
      beat();
    } catch (RuntimeException e) {
      LOG.warn("the metastore does not take this server's heartbeat", e);
    }
  }

  @Override
  public void close() {
    remoteFollower.close();
    follower.close();
    duty.close();
    runner.close();
    presence.shutdownNow();
    metastore.write(tx -> {
      tx.servers().leave(id);
      return id;
    });
  }
}
