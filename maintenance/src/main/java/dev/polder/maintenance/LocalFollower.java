package dev.polder.maintenance;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.model.DatabaseId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps mirrors of this server's own databases up with their sources: woken by this server's
 * commits, and looking by itself for those of other servers of the metastore. It needs no lease,
 * since each step compares and swaps. Thread-safe; closing it ends its thread.
 */
final class LocalFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalFollower.class);
  private static final int BATCH = 100;
  private static final Boolean WAKE = true;

  private final Metastore metastore;
  private final Duration poll;
  private final RepeatedFailures failures = new RepeatedFailures("cannot follow", System::nanoTime);
  private final BlockingQueue<Boolean> wakes = new ArrayBlockingQueue<>(1);
  private final Thread thread;

  LocalFollower(Metastore metastore, Duration poll) {
    this.metastore = metastore;
    this.poll = poll;
    metastore.onChange(() -> {
      boolean news = wakes.offer(WAKE);
      LOG.trace("something was committed: {}", news);
    });
    thread = Thread.ofPlatform().name("polder-mirrors").daemon().start(this::work);
  }

  private void work() {
    try {
      while (true) {
        followAll();
        Boolean woken = wakes.poll(poll.toMillis(), TimeUnit.MILLISECONDS);
        LOG.trace("looking for commits, woken: {}", woken);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void followAll() {
    try {
      List<Mirror> behind =
          metastore.read(tx ->
              tx.mirrors().following().stream()
                  .filter(mirror -> tx.localMirrors().isBehind(mirror))
                  .toList());
      failures.retain(behind.stream().map(Mirror::database).collect(Collectors.toSet()));
      behind.stream().filter(it -> failures.mayTry(it.database())).forEach(this::follow);
    } catch (RuntimeException e) {
      LOG.warn("the metastore does not answer the mirrors", e);
    }
  }

  private void follow(Mirror mirror) {
    DatabaseId database = mirror.database();
    try {
      int applied = BATCH;
      while (applied == BATCH && !Thread.currentThread().isInterrupted()) {
        applied = metastore.write(tx -> tx.localMirrors().follow(database, BATCH));
      }
      int failed = failures.succeeded(database);
      if (failed > 0) {
        LOG.info("mirror {} follows again, after {} failures", database, failed);
      }
    } catch (RuntimeException e) {
      failures
          .failed(database, e.toString(), RepeatedFailures.LONGEST)
          .ifPresent(line -> LOG.warn(line, e));
      metastore.write(tx -> {
        tx.mirrors().failed(mirror, String.valueOf(e.getMessage()));
        return database;
      });
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
