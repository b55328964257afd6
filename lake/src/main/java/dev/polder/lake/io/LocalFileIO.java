package dev.polder.lake.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Files of the local machine. A written file appears under its name complete or not at all, never
 * replaces another one, and survives a power loss once {@link #sync} has returned. Thread-safe.
 */
public final class LocalFileIO implements FileIO, Durable {
  private final transient DirectoryLog directories = new DirectoryLog();

  @Override
  public InputFile newInputFile(String location) {
    return org.apache.iceberg.Files.localInput(path(location).toFile());
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new LocalOutputFile(location, path(location), directories);
  }

  @Override
  public void deleteFile(String location) {
    try {
      Files.delete(path(location));
    } catch (NoSuchFileException e) {
      throw new NotFoundException(e, "%s does not exist", location);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Moves a complete file into the store, without a copy where both lie on one file system. */
  public void adopt(Path source, String location) throws IOException {
    Path target = path(location);
    directories.create(LocalOutputFile.directory(target));
    LocalOutputFile.place(source, target);
    directories.written(target);
  }

  /** Makes a directory, for programs that write files but make no directories. */
  void prepare(String location) {
    try {
      directories.create(path(location));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void sync() {
    directories.sync();
  }

  /** Has a file that was found in the store made durable by the next {@link #sync}. */
  void found(String location) {
    directories.written(path(location));
  }

  /** All files below a directory; what vanishes meanwhile is left out. */
  static List<StoredFile> list(Path directory) {
    List<StoredFile> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              files.add(new StoredFile(file.toString(), attributes.lastModifiedTime().toMillis()));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure)
                throws IOException {
              if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw failure;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** The path of a plain or {@code file:} location. */
  public static Path path(String location) {
    return Path.of(plain(location));
  }

  /** A location as other programs on this machine take it: without {@code file:}. */
  public static String plain(String location) {
    if (!location.startsWith("file:")) {
      return location;
    }
    String path = location.substring("file:".length());
    return path.startsWith("///") ? path.substring(2) : path;
  }
}
