package dev.polder.lake.io;

import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Files of the warehouse as paths of this machine. A local warehouse's own files are handed out as
 * they are; of a remote one's, complete copies are kept below {@code <directory>/<tenant>/}, least
 * recently used ones of databases beyond their share going first when there are too many bytes,
 * leased and recently asked for ones never. Thread-safe; one object for one directory, which it
 * empties at the start.
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
  private final ToLongFunction<SpaceKey> weights;
  private final Map<DatabaseId, Long> weightOf = new HashMap<>();
  private final Map<DatabaseId, Long> held = new HashMap<>();
  private long bytes;

  /**
   * Opens an empty set of copies.
   *
   * @param weights the share of a space's database in what is kept, against those of others
   */
  public LocalCopies(
      Warehouse warehouse, Path directory, long maxBytes, ToLongFunction<SpaceKey> weights) {
    this(warehouse, directory, maxBytes, GRACE, weights);
  }

  /**
   * Opens an empty set of copies.
   *
   * @param grace how long a file stays after {@link #path} answered it
   */
  LocalCopies(
      Warehouse warehouse,
      Path directory,
      long maxBytes,
      Duration grace,
      ToLongFunction<SpaceKey> weights) {
    this.weights = weights;
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
    SpaceKey space = space(path);
    long weight = weights.applyAsLong(space);
    lock.lock();
    try {
      weightOf.put(space.database(), weight);
      Copy copy = copies.get(location);
      if (copy == null) {
        copy = new Copy(location, space.database(), path, size);
        copies.put(location, copy);
        charge(copy, size);
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
        charge(copy, -copy.size);
      }
      evict();
    } finally {
      lock.unlock();
    }
  }

  private void charge(Copy copy, long size) {
    bytes += size;
    if (held.merge(copy.database, size, Long::sum) == 0) {
      held.remove(copy.database);
      weightOf.remove(copy.database);
    }
  }

  /**
   * Databases that hold more than their share give first. An evicted file that a query has open
   * stays readable until that one closes it.
   */
  private void evict() {
    while (bytes > maxBytes) {
      Copy victim = null;
      for (Copy copy : copies.values()) {
        boolean used = copy.leases > 0 || System.nanoTime() - copy.lastUsed < graceNanos;
        if (!used && isOverShare(copy.database)) {
          victim = copy;
          break;
        }
        victim = victim == null && !used ? copy : victim;
      }
      if (victim == null) {
        return;
      }
      copies.remove(victim.location);
      charge(victim, -victim.size);
      delete(victim.path);
    }
  }

  private boolean isOverShare(DatabaseId database) {
    double all = held.keySet().stream().mapToLong(each -> weightOf.getOrDefault(each, 1L)).sum();
    return held.getOrDefault(database, 0L) > maxBytes / all * weightOf.getOrDefault(database, 1L);
  }

  /** Files lie below their tenant and their database's number. */
  private SpaceKey space(Path path) {
    Path below = directory.relativize(path);
    try {
      return new SpaceKey(
          new DatabaseId(Long.parseLong(below.getName(1).toString())),
          new TenantId(below.getName(0).toString()));
    } catch (IllegalArgumentException | PolderException e) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, "a file does not lie below a tenant's database", e);
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
    final DatabaseId database;
    final Path path;
    final long size;
    final ReentrantLock fetching = new ReentrantLock();
    int leases;
    long lastUsed = System.nanoTime();
    volatile boolean complete;

    Copy(String location, DatabaseId database, Path path, long size) {
      this.location = location;
      this.database = database;
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
