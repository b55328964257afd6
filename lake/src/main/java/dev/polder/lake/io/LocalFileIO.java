package dev.polder.lake.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

  @Override
  public void sync() {
    directories.sync();
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
