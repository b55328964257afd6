package dev.polder.lake.io;

import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which directories have entries that may not be on disk yet. One sync serves all who wait for the
 * same directory. Thread-safe.
 */
final class DirectoryLog {
  private final ConcurrentHashMap<Path, Changes> changes = new ConcurrentHashMap<>();
  private final Queue<Path> files = new ConcurrentLinkedQueue<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Creates the directory and notes each parent that got a new entry. */
  void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      create(parent);
      Files.createDirectories(directory);
      changed(parent);
    }
  }

  void changed(Path directory) {
    changes.computeIfAbsent(directory, ignored -> new Changes()).made.incrementAndGet();
  }

  /** Notes a complete file whose content may not be on disk yet. */
  void written(Path file) {
    files.add(file);
    changed(LocalOutputFile.directory(file));
  }

  /**
   * Forces all files, then all directories. Who comes while another one syncs waits for it: that
   * one may have taken the file over.
   */
  void sync() {
    lock.lock();
    try {
      List<Path> pending = new ArrayList<>();
      for (Path file = files.poll(); file != null; file = files.poll()) {
        pending.add(file);
      }
      try {
        forceAll(pending);
      } catch (PolderException e) {
        files.addAll(pending);
        throw e;
      }
      changes.forEach((directory, entry) -> {
        if (entry.made.get() > entry.synced) {
          entry.sync(directory);
        }
      });
    } finally {
      lock.unlock();
    }
  }

  /** At the same time: the file system's journal then takes many in one write. */
  private static void forceAll(List<Path> pending) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> forced = new ArrayList<>();
      for (Path file : pending) {
        forced.add(
            threads.submit(() -> {
              if (Files.exists(file)) {
                force(file);
              }
              return file;
            }));
      }
      for (Future<?> done : forced) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw StorageFailure.of("cannot make files durable", e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StorageFailure.of("interrupted while making files durable", e);
    }
  }

  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static final class Changes {
    final AtomicLong made = new AtomicLong();
    final ReentrantLock lock = new ReentrantLock();
    volatile long synced;

    void sync(Path directory) {
      lock.lock();
      try {
        long upTo = made.get();
        if (upTo > synced) {
          force(directory);
          synced = upTo;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        lock.unlock();
      }
    }
  }
}
