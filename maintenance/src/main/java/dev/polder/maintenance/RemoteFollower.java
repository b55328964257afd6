package dev.polder.maintenance;

import dev.polder.lake.Lake;
import dev.polder.lake.mirror.RemoteMirror;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.model.DatabaseId;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final Metastore metastore;
  private final Lake lake;
  private final String holder;
  private final Map<DatabaseId, Thread> threads = new ConcurrentHashMap<>();
  private final Map<DatabaseId, Long> begun = new ConcurrentHashMap<>();
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
      Set<DatabaseId> wanted = following.stream().map(Mirror::database).collect(Collectors.toSet());
      threads.forEach((id, thread) -> {
        if (!wanted.contains(id)) {
          thread.interrupt();
        }
      });
      for (Mirror mirror : following) {
        if (mirror.cluster().isPresent() && stopped.getCount() > 0) {
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

  private void follow(Mirror mirror) {
    try (RemoteMirror remote =
        RemoteMirror.open(metastore, lake.warehouse(), lake.mirrors(), mirror, holder)) {
      boolean more = true;
      while (more && stopped.getCount() > 0) {
        begun.put(mirror.database(), metastore.read(MetastoreTransaction::now));
        more = remote.step();
      }
    } catch (PolderException e) {
      // Its status tells why; a network that is away for long must not fill the log.
      LOG.info("mirror {} cannot follow: {}", mirror.database(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("mirror {} cannot follow", mirror.database(), e);
    } finally {
      begun.remove(mirror.database());
      pause();
      threads.remove(mirror.database());
    }
  }

  /** Tells sources of mirrors that end to follow, until they have heard it. */
  private void leave() {
    Map<DatabaseId, Long> notBefore = new HashMap<>();
    try {
      do {
        leaveAll(notBefore);
      } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void leaveAll(Map<DatabaseId, Long> notBefore) {
    try {
      for (Mirror mirror : metastore.read(tx -> tx.mirrors().leaving())) {
        if (notBefore.getOrDefault(mirror.database(), System.nanoTime()) - System.nanoTime() <= 0) {
          notBefore.put(mirror.database(), System.nanoTime() + AGAIN.toNanos());
          lake.mirrors().leave(metastore, mirror);
          notBefore.remove(mirror.database());
        }
      }
    } catch (PolderException e) {
      LOG.info("a mirror cannot tell its source that it follows no more: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("a mirror cannot tell its source that it follows no more", e);
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
