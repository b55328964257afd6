package dev.polder.lake.io;

import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Which files and directories may not be on disk yet. One sync serves all who wait for it.
 * Thread-safe.
 */
final class DirectoryLog {
  private final Set<Path> files = ConcurrentHashMap.newKeySet();
  private final Set<Path> directories = ConcurrentHashMap.newKeySet();
  private final Set<Path> known = ConcurrentHashMap.newKeySet();
  private final ReentrantLock creating = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();

  /** Creates the directory and notes each parent that got a new entry. */
  void create(Path directory) throws IOException {
    if (known.contains(directory) && Files.isDirectory(directory)) {
      return;
    }
    // One at a time: who finds a directory made by another one must find it noted, too.
    creating.lock();
    try {
      createMissing(directory);
      known.add(directory);
    } finally {
      creating.unlock();
    }
  }

  private void createMissing(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null && !Files.isDirectory(directory)) {
      createMissing(parent);
      Files.createDirectories(directory);
      directories.add(parent);
    }
  }

  /** Notes a complete file whose content and name may not be on disk yet. */
  void written(Path file) {
    files.add(file);
    directories.add(LocalOutputFile.directory(file));
  }

  /**
   * Forces all files and directories. Who comes while another one syncs waits for it: that one may
   * have taken the file over.
   */
  void sync() {
    lock.lock();
    try {
      List<Path> newFiles = taken(files);
      List<Path> newEntries = taken(directories);
      try {
        force(Stream.concat(newFiles.stream(), newEntries.stream()).toList());
      } catch (PolderException e) {
        files.addAll(newFiles);
        directories.addAll(newEntries);
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Taken out first: what is noted again from here on needs another sync. */
  private static List<Path> taken(Set<Path> noted) {
    List<Path> pending = new ArrayList<>(noted);
    pending.forEach(noted::remove);
    return pending;
  }

  /** At the same time: the file system's journal then takes many in one write. */
  private static void force(List<Path> pending) {
    if (pending.isEmpty()) {
      return;
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> forced = new ArrayList<>();
      for (Path path : pending.subList(1, pending.size())) {
        forced.add(
            threads.submit(() -> {
              force(path);
              return path;
            }));
      }
      force(pending.getFirst());
      for (Future<?> done : forced) {
        done.get();
      }
    } catch (IOException e) {
      throw StorageFailure.of("cannot make files durable", e);
    } catch (ExecutionException e) {
      throw StorageFailure.of("cannot make files durable", e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StorageFailure.of("interrupted while making files durable", e);
    }
  }

  /** A file that was deleted meanwhile needs no place on the disk. */
  static void force(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
