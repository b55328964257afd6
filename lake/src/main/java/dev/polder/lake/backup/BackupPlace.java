package dev.polder.lake.backup;

import dev.polder.lake.io.Durable;
import dev.polder.lake.io.LocalFileIO;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.WholeFile;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The files of one backup: objects, a mark while it is being made, and a manifest, written last,
 * that makes it complete. Thread-safe.
 *
 * @param root a directory or a prefix, without a slash at its end
 */
record BackupPlace(String root, FileIO io) {
  static final String MANIFEST = "manifest.polder";
  static final String MARK = "incomplete.polder";
  private static final String OBJECTS = "objects/";

  InputFile file(String name) {
    return io.newInputFile(root + "/" + name);
  }

  OutputFile output(String name) {
    return io.newOutputFile(root + "/" + name);
  }

  boolean isComplete() {
    try {
      return file(MANIFEST).exists();
    } catch (RuntimeException e) {
      throw StorageFailure.of("cannot look for a backup at " + root, e);
    }
  }

  /**
   * Takes the place for a backup; what one that was cut off left there goes.
   *
   * @param runs tells of a backup's id whether this metastore knows it to be at work
   * @param quiet for how many milliseconds one of another metastore must have written nothing
   */
  void begin(String id, Predicate<String> runs, long quiet) {
    requireNone();
    try {
      List<Entry> left = entries();
      long now = System.currentTimeMillis();
      for (Entry entry : left) {
        Optional<String> owner = owner(entry.name());
        if (owner.isEmpty() && !entry.name().startsWith(".")) {
          throw new PolderException(
              ErrorCode.INVALID_PARAMETER,
              root + " holds files that are no backup's; choose another place");
        }
        if (now - entry.millis() < quiet || owner.filter(runs).isPresent()) {
          throw taken();
        }
      }
      left.forEach(entry -> delete(entry.name()));
      WholeFile.write(output(MARK), out -> out.write(id.getBytes(StandardCharsets.UTF_8)));
      boolean alone = isMarked(id) && entries().stream().allMatch(it -> it.name().equals(MARK));
      if (!alone) {
        throw taken();
      }
    } catch (AlreadyExistsException | FileAlreadyExistsException e) {
      throw taken();
    } catch (IOException | RuntimeException e) {
      throw failed("cannot begin a backup at ", e);
    }
  }

  private void requireNone() {
    if (isComplete()) {
      throw new PolderException(
          ErrorCode.BACKUP_EXISTS,
          "there is a backup at " + root + " already; choose another place");
    }
  }

  private PolderException taken() {
    return new PolderException(
        ErrorCode.BACKUP_EXISTS,
        "another backup is being made at "
            + root
            + ", or was cut off a moment ago; choose another place or try again in a minute");
  }

  /** The id of the backup that a file is of; empty: it is of none. */
  private Optional<String> owner(String name) throws IOException {
    if (name.equals(MARK)) {
      return Optional.of(text(MARK));
    }
    String[] parts = name.split("/", -1);
    return parts.length == 3 && name.startsWith(OBJECTS) ? Optional.of(parts[1]) : Optional.empty();
  }

  /** Where the backup's objects are named. */
  static String object(String id, int number) {
    return OBJECTS + id + "/" + number;
  }

  /** Refuses to complete a backup whose place another one has taken. */
  void requireOwn(String id) {
    requireNone();
    try {
      if (!isMarked(id)) {
        throw taken();
      }
    } catch (IOException | RuntimeException e) {
      throw failed("cannot complete the backup at ", e);
    }
  }

  /** Whether the place is still the backup's, and all its objects are there. */
  boolean holds(String id, Collection<ArchivedFile> files) {
    try {
      Map<String, Long> sizes =
          entries().stream().collect(Collectors.toMap(Entry::name, Entry::bytes));
      return isMarked(id)
          && files.stream()
              .allMatch(file -> Long.valueOf(file.storedBytes()).equals(sizes.get(file.object())));
    } catch (IOException | RuntimeException e) {
      throw failed("the backup is written, and cannot be looked at again, at ", e);
    }
  }

  private boolean isMarked(String id) throws IOException {
    return file(MARK).exists() && text(MARK).equals(id);
  }

  private String text(String name) throws IOException {
    try (var in = file(name).newStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The backup is complete: the mark is not needed any more. */
  void end() {
    delete(MARK);
    sync();
  }

  /** Takes everything back that is there of a backup that failed. */
  void abandon(String id) {
    try {
      for (Entry entry : entries()) {
        if (entry.name().startsWith(OBJECTS + id + "/")) {
          delete(entry.name());
        }
      }
      if (isMarked(id)) {
        delete(MARK);
      }
    } catch (IOException | RuntimeException e) {
      throw failed("cannot remove the incomplete backup at ", e);
    }
  }

  /** Whether a file that could not be written is certain not to appear later. */
  boolean isLocal() {
    return io instanceof LocalFileIO;
  }

  void sync() {
    if (io instanceof Durable durable) {
      durable.sync();
    }
  }

  void delete(String name) {
    io.deleteFile(root + "/" + name);
  }

  /**
   * A file of the place.
   *
   * @param millis when it was written last
   */
  private record Entry(String name, long millis, long bytes) {}

  private List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (io instanceof SupportsPrefixOperations store) {
      store
          .listPrefix(root + "/")
          .forEach(file ->
              entries.add(
                  new Entry(
                      file.location().substring(root.length() + 1),
                      file.createdAtMillis(),
                      file.size())));
      return entries;
    }
    Path directory = Path.of(root);
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.filter(path -> !Files.isDirectory(path)).toList()) {
          entries.add(
              new Entry(
                  directory.relativize(file).toString(),
                  Files.getLastModifiedTime(file).toMillis(),
                  Files.size(file)));
        }
      }
    }
    return entries;
  }

  private PolderException failed(String what, Exception e) {
    return e instanceof PolderException known ? known : StorageFailure.of(what + root, e);
  }
}
