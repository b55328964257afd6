package dev.polder.lake.io;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Files of the warehouse as paths of this machine. A local warehouse's own files are handed out as
 * they are; of a remote one's, complete copies are kept below {@code <directory>/<tenant>/}, least
 * recently used ones going first when there are too many bytes, leased and recently asked for ones
 * never. Thread-safe; one object for one directory, which it empties at the start.
 */
public final class LocalCopies {
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final String PARTIAL = ".partial";

  private final Warehouse warehouse;
  private final Path directory;
  private final long maxBytes;
  private final long graceNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<String, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  public LocalCopies(Warehouse warehouse, Path directory, long maxBytes) {
    this(warehouse, directory, maxBytes, GRACE);
  }

  /**
   * Opens an empty set of copies.
   *
   * @param grace how long a file stays after {@link #path} answered it
   */
  LocalCopies(Warehouse warehouse, Path directory, long maxBytes, Duration grace) {
    this.warehouse = warehouse;
    this.directory = directory.toAbsolutePath().normalize();
    this.maxBytes = maxBytes;
    this.graceNanos = grace.toNanos();
    if (!warehouse.isLocal()) {
      empty();
    }
  }

  /** A local path of a complete file, which stays for some minutes. */
  public String path(String location, long size) {
    try (Lease lease = lease(location, size)) {
      return lease.path();
    }
  }

  /** A local path of a complete file, which stays at least until the lease is closed. */
  public Lease lease(String location, long size) {
    if (warehouse.isLocal()) {
      return new Lease(LocalFileIO.plain(location), () -> {});
    }
    Copy copy = take(location, size);
    try {
      copy.fetch();
    } catch (IOException | RuntimeException e) {
      giveBack(copy);
      throw e instanceof PolderException known
          ? known
          : StorageFailure.of("cannot fetch " + location, e);
    }
    return new Lease(copy.path.toString(), () -> giveBack(copy));
  }

  /** Bytes that the copies hold or are about to hold. */
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private Copy take(String location, long size) {
    Path path = place(location);
    lock.lock();
    try {
      Copy copy = copies.get(location);
      if (copy == null) {
        copy = new Copy(location, path, size);
        copies.put(location, copy);
        bytes += size;
      }
      copy.leases++;
      evict();
      return copy;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(Copy copy) {
    lock.lock();
    try {
      copy.leases--;
      copy.lastUsed = System.nanoTime();
      if (!copy.complete && copy.leases == 0) {
        copies.remove(copy.location);
        bytes -= copy.size;
      }
      evict();
    } finally {
      lock.unlock();
    }
  }

  /** An evicted file that a query has open stays readable until that one closes it. */
  private void evict() {
    Iterator<Copy> oldest = copies.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      Copy copy = oldest.next();
      boolean used = copy.leases > 0 || System.nanoTime() - copy.lastUsed < graceNanos;
      if (!used) {
        oldest.remove();
        bytes -= copy.size;
        delete(copy.path);
      }
    }
  }

  private Path place(String location) {
    String root = warehouse.root() + "/";
    Path path = directory;
    if (location.startsWith(root)) {
      path = directory.resolve(location.substring(root.length())).normalize();
    }
    if (path.equals(directory) || !path.startsWith(directory)) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, location + " does not lie in the warehouse");
    }
    return path;
  }

  private void empty() {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> found = Files.walk(directory)) {
        found.filter(path -> !Files.isDirectory(path)).forEach(LocalCopies::delete);
      }
      Files.createDirectories(directory.resolve(PARTIAL));
    } catch (IOException e) {
      throw StorageFailure.of("cannot use " + directory + " for copies of remote files", e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw StorageFailure.of("cannot delete " + path, e);
    }
  }

  private void download(String location, Path path, long size) throws IOException {
    Path partial = directory.resolve(PARTIAL).resolve(UUID.randomUUID().toString());
    try {
      long copied;
      try (InputStream in = warehouse.io().newInputFile(location).newStream()) {
        copied = Files.copy(in, partial);
      }
      if (copied != size) {
        throw new PolderException(
            ErrorCode.STORAGE_ERROR,
            location + " has " + copied + " bytes, not " + size + " as the table says");
      }
      Files.createDirectories(LocalOutputFile.directory(path));
      Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** A file that stays while this is open. */
  public static final class Lease implements AutoCloseable {
    private final String path;
    private final Runnable end;
    private boolean closed;

    private Lease(String path, Runnable end) {
      this.path = path;
      this.end = end;
    }

    public String path() {
      return path;
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        end.run();
      }
    }
  }

  private final class Copy {
    final String location;
    final Path path;
    final long size;
    final ReentrantLock fetching = new ReentrantLock();
    int leases;
    long lastUsed = System.nanoTime();
    volatile boolean complete;

    Copy(String location, Path path, long size) {
      this.location = location;
      this.path = path;
      this.size = size;
    }

    /** Who comes while another one fetches waits for it, and tries by itself when that fails. */
    void fetch() throws IOException {
      fetching.lock();
      try {
        if (!complete) {
          download(location, path, size);
          complete = true;
        }
      } finally {
        fetching.unlock();
      }
    }
  }
}
