package dev.polder.lake.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which directories have entries that may not be on disk yet. One sync serves all who wait for the
 * same directory. Thread-safe.
 */
final class DirectoryLog {
  private final ConcurrentHashMap<Path, Changes> changes = new ConcurrentHashMap<>();

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

  void sync() {
    changes.forEach((directory, entry) -> {
      if (entry.made.get() > entry.synced) {
        entry.sync(directory);
      }
    });
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
