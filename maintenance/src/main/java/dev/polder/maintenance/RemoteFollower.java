package dev.polder.maintenance;

import dev.polder.lake.Lake;
import dev.polder.lake.mirror.RemoteMirror;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.mirror.Cluster;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.model.ClusterName;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps mirrors of other servers' databases up with them, each on a thread of its own; of several
 * servers on one metastore one does so for a mirror, under a lease. Thread-safe; closing it ends
 * its threads.
 */
final class RemoteFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteFollower.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** A network that is back is noticed soon: commits of a source may wait for its mirror. */
  private static final Duration UNREACHABLE = Duration.ofSeconds(5);

  private final Metastore metastore;
  private final Lake lake;
  private final String holder;
  private final Map<DatabaseId, Thread> threads = new ConcurrentHashMap<>();
  private final Map<DatabaseId, Long> begun = new ConcurrentHashMap<>();
  private final RepeatedFailures failures = new RepeatedFailures("cannot follow", System::nanoTime);
  private final RepeatedFailures notLeft =
      new RepeatedFailures("cannot tell its source that it follows no more", System::nanoTime);
  private Map<ClusterName, Cluster> clusters = Map.of();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread watcher;
  private final Thread leaver;

  RemoteFollower(Metastore metastore, Lake lake, String holder) {
    this.metastore = metastore;
    this.lake = lake;
    this.holder = holder;
    if (!metastore.isShared()) {
      metastore.write(tx -> {
        tx.mirrors().releaseAll();
        return holder;
      });
    }
    leaver = Thread.ofPlatform().name("polder-leaving-mirrors").daemon().start(this::leave);
    watcher = Thread.ofPlatform().name("polder-remote-mirrors").daemon().start(this::watch);
  }

  private void watch() {
    try {
      do {
        startAll();
      } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startAll() {
    try {
      List<Mirror> following = metastore.read(tx -> tx.mirrors().following());
      retryThroughChanged(following);
      Set<DatabaseId> wanted = following.stream().map(Mirror::database).collect(Collectors.toSet());
      threads.forEach((id, thread) -> {
        if (!wanted.contains(id)) {
          thread.interrupt();
        }
      });
      failures.retain(wanted);
      for (Mirror mirror : following) {
        if (mirror.cluster().isPresent()
            && stopped.getCount() > 0
            && failures.mayTry(mirror.database())) {
          threads.computeIfAbsent(
              mirror.database(),
              id ->
                  Thread.ofPlatform()
                      .name("polder-mirror-" + id)
                      .daemon()
                      .start(() -> follow(mirror)));
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("the metastore does not answer the mirrors", e);
    }
  }

  /** Whoever waits to try again does so at once through an address or a token that is new. */
  private void retryThroughChanged(List<Mirror> following) {
    Map<ClusterName, Cluster> before = clusters;
    clusters =
        metastore.read(tx -> tx.clusters().list()).stream()
            .collect(Collectors.toMap(Cluster::name, it -> it));
    for (Mirror mirror : following) {
      mirror
          .cluster()
          .filter(name -> !Objects.equals(before.get(name), clusters.get(name)))
          .ifPresent(name -> failures.hurry(mirror.database()));
    }
  }

  private void follow(Mirror mirror) {
    DatabaseId id = mirror.database();
    try (RemoteMirror remote =
        RemoteMirror.open(metastore, lake.warehouse(), lake.mirrors(), mirror, holder)) {
      boolean more = true;
      while (more && stopped.getCount() > 0) {
        begun.put(id, metastore.read(MetastoreTransaction::now));
        more = remote.step();
        int failed = failures.succeeded(id);
        if (failed > 0 && more) {
          LOG.info("mirror {} follows again, after {} failures", id, failed);
        }
      }
    } catch (RuntimeException e) {
      note(failures, id, e);
    } finally {
      begun.remove(id);
      pause();
      threads.remove(id);
    }
  }

  /** Tells sources of mirrors that end to follow, until they have heard it. */
  private void leave() {
    try {
      do {
        leaveAll();
      } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void leaveAll() {
    try {
      List<Mirror> leaving = metastore.read(tx -> tx.mirrors().leaving());
      notLeft.retain(leaving.stream().map(Mirror::database).collect(Collectors.toSet()));
      leaving.stream().filter(mirror -> notLeft.mayTry(mirror.database())).forEach(this::leave);
    } catch (RuntimeException e) {
      LOG.warn("the metastore does not answer the mirrors", e);
    }
  }

  private void leave(Mirror mirror) {
    DatabaseId id = mirror.database();
    try {
      lake.mirrors().leave(metastore, mirror);
      LOG.debug("mirror {} has left its source, after {} failures", id, notLeft.succeeded(id));
    } catch (RuntimeException e) {
      note(notLeft, id, e);
    }
  }

  private static void note(RepeatedFailures failures, DatabaseId id, RuntimeException e) {
    if (!(e instanceof PolderException known)) {
      failures
          .failed(id, e.toString(), RepeatedFailures.LONGEST)
          .ifPresent(line -> LOG.warn(line, e));
    } else if (known.code() == ErrorCode.SHUTTING_DOWN) {
      LOG.debug("mirror {} was told to stop", id);
    } else {
      boolean away = known.code() == ErrorCode.CLUSTER_UNREACHABLE;
      failures
          .failed(
              id,
              known.code() + ": " + known.getMessage(),
              away ? UNREACHABLE : RepeatedFailures.LONGEST)
          .ifPresent(LOG::info);
    }
  }

  /** Since when a mirror does what it does: files that it brought since then are not known yet. */
  OptionalLong oldest() {
    return begun.values().stream().mapToLong(Long::longValue).min();
  }

  private void pause() {
    try {
      boolean ended = stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      LOG.trace("a mirror pauses, the server stops: {}", ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    watcher.interrupt();
    leaver.interrupt();
    boolean interrupted = join(watcher);
    interrupted |= join(leaver);
    for (Thread thread : threads.values()) {
      thread.interrupt();
      interrupted |= join(thread);
    }
    metastore.write(tx -> {
      tx.mirrors().release(holder);
      return holder;
    });
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
