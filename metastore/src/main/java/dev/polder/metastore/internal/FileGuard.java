package dev.polder.metastore.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps other servers off a file by an operating-system lock on a file beside it. The system
 * releases it when the process ends, however it ends.
 */
public final class FileGuard implements AutoCloseable {
  /**
   * The lock files that this process holds. A second channel must not even be opened on one of
   * them: closing it would release the process's lock, however many channels it came through.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path lockFile;
  private final FileChannel channel;

  private FileGuard(Path lockFile, FileChannel channel) {
    this.lockFile = lockFile;
    this.channel = channel;
  }

  public static FileGuard acquire(Path file) {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    try {
      Path directory = Objects.requireNonNull(lockFile.toAbsolutePath().getParent());
      Path real = directory.toRealPath().resolve(lockFile.getFileName());
      if (HELD.add(real)) {
        try {
          FileChannel channel =
              FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          if (isLocked(channel)) {
            return new FileGuard(real, channel);
          }
          channel.close();
        } catch (IOException | RuntimeException e) {
          HELD.remove(real);
          throw e;
        }
        HELD.remove(real);
      }
    } catch (IOException e) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, "cannot lock " + lockFile + ": " + e.getMessage(), e);
    }
    throw new PolderException(
        ErrorCode.METASTORE_IN_USE,
        "another server uses " + file + "; stop it first, or give this one its own data directory");
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Syncs the directory, so that files made in it outlive a power loss. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(lockFile);
  }
}
