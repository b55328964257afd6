package dev.polder.lake.backup;

import dev.polder.lake.io.Durable;
import dev.polder.lake.io.StorageFailure;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The files of one backup: objects, a mark while it is being made, and a manifest, written last,
 * that makes it complete. Thread-safe.
 *
 * @param root a directory or a prefix, without a slash at its end
 */
record BackupPlace(String root, FileIO io) {
  static final String MANIFEST = "manifest.polder";
  private static final String MARK = "incomplete.polder";
  private static final String OBJECTS = "objects/";

  InputFile file(String name) {
    return io.newInputFile(root + "/" + name);
  }

  OutputStream create(String name) {
    return io.newOutputFile(root + "/" + name).create();
  }

  boolean isComplete() {
    try {
      return file(MANIFEST).exists();
    } catch (RuntimeException e) {
      throw StorageFailure.of("cannot look for a backup at " + root, e);
    }
  }

  /** Takes the place for a backup; what one that was cut off left there goes. */
  void begin(String id) {
    if (isComplete()) {
      throw new PolderException(
          ErrorCode.BACKUP_EXISTS,
          "there is a backup at " + root + " already; choose another place");
    }
    try {
      List<String> left = names();
      for (String name : left) {
        if (!name.equals(MARK) && !name.startsWith(OBJECTS) && !name.startsWith(".")) {
          throw new PolderException(
              ErrorCode.INVALID_PARAMETER,
              root + " holds what is no backup, such as " + name + "; choose another place");
        }
      }
      delete(left);
      try (OutputStream out = create(MARK)) {
        out.write(id.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | RuntimeException e) {
      throw failed("cannot begin a backup at ", e);
    }
  }

  /** Where the backup's objects are named. */
  static String object(String id, int number) {
    return OBJECTS + id + "/" + number;
  }

  /** Refuses to complete a backup whose place another one has taken. */
  void requireMark(String id) {
    try {
      if (isMarked(id)) {
        return;
      }
    } catch (IOException | RuntimeException e) {
      throw failed("cannot complete the backup at ", e);
    }
    throw new PolderException(
        ErrorCode.BACKUP_EXISTS,
        "another backup was made at " + root + " meanwhile; choose another place");
  }

  private boolean isMarked(String id) throws IOException {
    InputFile mark = file(MARK);
    if (!mark.exists()) {
      return false;
    }
    try (var in = mark.newStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).equals(id);
    }
  }

  /** The backup is complete: the mark is not needed any more. */
  void end() {
    delete(List.of(MARK));
    sync();
  }

  /** Takes everything back that is there of a backup that failed. */
  void abandon(String id) {
    try {
      List<String> own = new ArrayList<>(isMarked(id) ? List.of(MARK) : List.of());
      names().stream().filter(name -> name.startsWith(OBJECTS + id + "/")).forEach(own::add);
      delete(own);
    } catch (IOException | RuntimeException e) {
      throw failed("cannot remove the incomplete backup at ", e);
    }
  }

  void sync() {
    if (io instanceof Durable durable) {
      durable.sync();
    }
  }

  private void delete(List<String> names) {
    names.forEach(name -> io.deleteFile(root + "/" + name));
  }

  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    if (io instanceof SupportsPrefixOperations store) {
      store
          .listPrefix(root + "/")
          .forEach(file -> names.add(file.location().substring(root.length() + 1)));
      return names;
    }
    Path directory = Path.of(root);
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        files
            .filter(path -> !Files.isDirectory(path))
            .forEach(path -> names.add(directory.relativize(path).toString()));
      }
    }
    return names;
  }

  private PolderException failed(String what, Exception e) {
    return e instanceof PolderException known ? known : StorageFailure.of(what + root, e);
  }
}
