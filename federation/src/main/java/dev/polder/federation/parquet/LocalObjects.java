package dev.polder.federation.parquet;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Complete local copies of a store's files, each of one version that never changes. The least
 * recently used go first when they are too many bytes, held ones never. Thread-safe; owns its
 * directory.
 */
final class LocalObjects implements AutoCloseable {
  private final Path directory;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<Path, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  LocalObjects(Path directory, long mostBytes) {
    this.directory = directory.toAbsolutePath().normalize();
    this.mostBytes = mostBytes;
  }

  /** Writes a file's content to a path that does not exist yet. */
  interface Fetch {
    void to(ParquetFile file, Path target);
  }

  private static final class Copy {
    final Path path;
    final long size;
    final ReentrantLock fetching = new ReentrantLock();
    int holders;
    boolean complete;

    Copy(Path path, long size) {
      this.path = path;
      this.size = size;
    }
  }

  Path directory() {
    return directory;
  }

  ParquetRoot.Held hold(List<ParquetFile> files, Fetch fetch) {
    List<Copy> held = new ArrayList<>();
    try {
      for (ParquetFile file : files) {
        Copy copy = take(file);
        held.add(copy);
        complete(copy, file, fetch);
      }
    } catch (IOException e) {
      giveBack(held);
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, "a copy of a remote file could not be written", e);
    } catch (RuntimeException e) {
      giveBack(held);
      throw e;
    }
    return new ParquetRoot.Held() {
      private boolean closed;

      @Override
      public List<Path> paths() {
        return held.stream().map(copy -> copy.path).toList();
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          giveBack(held);
        }
      }
    };
  }

  /** The version stands before the path, whose directories may name columns. */
  private Path place(ParquetFile file) {
    UUID version = UUID.nameUUIDFromBytes(file.version().getBytes(StandardCharsets.UTF_8));
    String name =
        HexFormat.of().toHexDigits(version.getMostSignificantBits())
            + HexFormat.of().toHexDigits(version.getLeastSignificantBits());
    return directory.resolve(name).resolve(file.path());
  }

  private Copy take(ParquetFile file) {
    lock.lock();
    try {
      Path path = place(file);
      Copy copy = copies.get(path);
      if (copy == null) {
        copy = new Copy(path, file.size());
        copies.put(path, copy);
        bytes += copy.size;
      }
      copy.holders++;
      return copy;
    } finally {
      lock.unlock();
    }
  }

  private static void complete(Copy copy, ParquetFile file, Fetch fetch) throws IOException {
    copy.fetching.lock();
    try {
      if (!copy.complete) {
        Files.createDirectories(Optional.ofNullable(copy.path.getParent()).orElseThrow());
        Path partial = copy.path.resolveSibling("." + UUID.randomUUID());
        try {
          fetch.to(file, partial);
          Files.move(partial, copy.path);
        } finally {
          Files.deleteIfExists(partial);
        }
        copy.complete = true;
      }
    } finally {
      copy.fetching.unlock();
    }
  }

  private void giveBack(List<Copy> held) {
    lock.lock();
    try {
      held.forEach(copy -> copy.holders--);
      List<Copy> unused = copies.values().stream().filter(copy -> copy.holders == 0).toList();
      for (Copy copy : unused) {
        if (bytes > mostBytes || !copy.complete) {
          copies.remove(copy.path);
          bytes -= copy.size;
          delete(copy.path);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, "a copy of a remote file could not be deleted", e);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try (Stream<Path> paths = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
      paths.sorted(Comparator.reverseOrder()).forEach(LocalObjects::delete);
      copies.clear();
      bytes = 0;
    } catch (IOException e) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, "copies of remote files could not be deleted", e);
    } finally {
      lock.unlock();
    }
  }
}
