package dev.polder.federation.duckdb;

import dev.polder.duck.Instance;
import dev.polder.federation.catalog.SourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A database file and the one instance that has it open, while somebody uses it and for some
 * seconds more, so that other programs get at the file. A file that was replaced meanwhile is
 * opened anew. Thread-safe.
 */
final class SharedFile implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path file;
  private final DuckdbFiles files;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private @Nullable Opened opened;
  private int users;
  private int waitingToWrite;
  private long lastUse;

  SharedFile(Path file, DuckdbFiles files) {
    this.file = file;
    this.files = files;
  }

  private record Opened(Instance instance, boolean writable, Version version) {}

  /** Tells whether the file is still the one that was opened. */
  private record Version(@Nullable Object key, long modified, long size) {}

  /** A use of the instance. */
  final class Lease implements AutoCloseable {
    private final Instance instance;
    private boolean closed;

    private Lease(Instance instance) {
      this.instance = instance;
    }

    Instance instance() {
      return instance;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          giveBack();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  Lease lease(String alias, boolean writable) {
    lock.lock();
    try {
      long left = PATIENCE.toNanos();
      waitingToWrite += writable ? 1 : 0;
      try {
        while (!isShareable(writable)) {
          if (users == 0) {
            closeInstance();
            opened = new Opened(files.open(alias, file, writable), writable, version(alias));
          } else if (left <= 0) {
            throw SourceFailure.unavailable(
                alias, "its database file is in use by other statements; try again", null);
          } else {
            left = released.awaitNanos(left);
          }
        }
      } finally {
        waitingToWrite -= writable ? 1 : 0;
      }
      Opened now = opened;
      if (now == null) {
        throw new IllegalStateException("nothing was opened");
      }
      users++;
      return new Lease(now.instance());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SourceFailure.cancelled();
    } finally {
      lock.unlock();
    }
  }

  private boolean isShareable(boolean writable) {
    Opened now = opened;
    if (now == null || now.instance().failed()) {
      return false;
    }
    if (now.writable()) {
      return true;
    }
    // Those who come later than a writer wait for it, else it would never have its turn.
    return !writable && waitingToWrite == 0 && (users > 0 || now.version().equals(version("")));
  }

  private Version version(String alias) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(found.fileKey(), found.lastModifiedTime().toMillis(), found.size());
    } catch (IOException e) {
      throw SourceFailure.unavailable(alias, "there is no such database file", e);
    }
  }

  private void giveBack() {
    users--;
    lastUse = System.nanoTime();
    released.signalAll();
    if (users == 0) {
      Executor later =
          CompletableFuture.delayedExecutor(
              IDLE.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);
      later.execute(this::closeIfIdle);
    }
  }

  private void closeIfIdle() {
    lock.lock();
    try {
      if (users == 0 && System.nanoTime() - lastUse >= IDLE.toNanos()) {
        closeInstance();
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeInstance() {
    Opened now = opened;
    opened = null;
    if (now != null) {
      now.instance().close();
    }
  }

  /** Statements that still run fail. */
  @Override
  public void close() {
    lock.lock();
    try {
      closeInstance();
    } finally {
      lock.unlock();
    }
  }
}
