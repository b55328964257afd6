package dev.polder.door.http;

import dev.polder.engine.Session;
import dev.polder.engine.StagingArea;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** A staging area that is one directory. */
record DirectoryStaging(Path directory) implements StagingArea {
  @Override
  public long put(Session session, String name, InputStream content) {
    try {
      Path partial = Files.createTempFile(directory, ".upload", "");
      try {
        long size = Files.copy(content, partial, StandardCopyOption.REPLACE_EXISTING);
        Files.move(partial, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        return size;
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void read(Session session, String name, OutputStream sink) {
    try {
      Files.copy(directory.resolve(name), sink);
    } catch (NoSuchFileException e) {
      throw new PolderException(ErrorCode.INVALID_PARAMETER, "no staged file '" + name + "'");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete(Session session, String name) {
    try {
      Files.delete(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<StagedFile> list(Session session) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .map(file -> new StagedFile(file.getFileName().toString(), file.toFile().length()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
