package dev.polder.engine.internal.staging;

import dev.polder.engine.Session;
import dev.polder.engine.StagingArea;
import dev.polder.engine.internal.session.LocalSession;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The staging areas as directories of this machine. */
public final class LocalStagingArea implements StagingArea {
  private final StagingFiles files;

  public LocalStagingArea(StagingFiles files) {
    this.files = files;
  }

  @Override
  public long put(Session session, String name, InputStream content) {
    LocalSession local = checked(session);
    Path target = files.file(local.space(), local.identity(), name);
    try {
      Path part = Files.createTempFile(target.getParent(), ".part", "");
      try {
        long size = Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return size;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw failed("'" + name + "' could not be stored", e);
    }
  }

  @Override
  public void read(Session session, String name, OutputStream sink) {
    LocalSession local = checked(session);
    Path file = files.existing(local.space(), local.identity(), name);
    try {
      Files.copy(file, sink);
    } catch (IOException e) {
      throw failed("'" + name + "' could not be sent", e);
    }
  }

  @Override
  public void delete(Session session, String name) {
    LocalSession local = checked(session);
    Path file = files.existing(local.space(), local.identity(), name);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("'" + name + "' could not be deleted", e);
    }
  }

  @Override
  public List<StagedFile> list(Session session) {
    LocalSession local = checked(session);
    Path directory = files.directory(local.space(), local.identity());
    List<StagedFile> list = new ArrayList<>();
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.sorted().toList()) {
        String name = path.getFileName().toString();
        if (!name.startsWith(".")) {
          list.add(new StagedFile(name, Files.size(path)));
        }
      }
    } catch (IOException e) {
      throw failed("the staging area cannot be listed", e);
    }
    return list;
  }

  /** The session, its login still good and a grant on something in the space still held. */
  private static LocalSession checked(Session session) {
    if (!(session instanceof LocalSession local)) {
      throw new IllegalArgumentException("a session of another engine");
    }
    local.requireBound();
    return local;
  }

  private static PolderException failed(String what, IOException e) {
    boolean full = String.valueOf(e.getMessage()).contains("No space left");
    return new PolderException(
        full ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_ERROR,
        what + (full ? ": the disk is full" : "; try again"),
        e);
  }
}
