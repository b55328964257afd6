package dev.polder.lake.lineage;

import dev.polder.lake.io.RecordingFileIO;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.lineage.RewriteStore.Replacement;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;

/**
 * The files of one table that take the place of others': copies of data files under names that
 * follow from the originals', so that work that was cut off is not done twice. One owner.
 */
final class OwnFiles {
  private final Warehouse warehouse;
  private final RecordingFileIO io;
  private final String location;
  private final Set<String> spent;
  private final LongConsumer copied;
  private final Map<String, Replacement> replacements = new HashMap<>();

  /**
   * @param files reads what takes its place and writes to the warehouse
   * @param location the table's directory
   * @param spent names that must not be used
   * @param copied hears the bytes of each copied file
   */
  OwnFiles(
      Warehouse warehouse, FileIO files, String location, Set<String> spent, LongConsumer copied) {
    this.warehouse = warehouse;
    this.io = new RecordingFileIO(files);
    this.location = location;
    this.spent = spent;
    this.copied = copied;
  }

  FileIO io() {
    return io;
  }

  boolean owns(String path) {
    return path.startsWith(location + "/");
  }

  /** What took whose place. */
  Map<String, Replacement> replacements() {
    return replacements;
  }

  /** A name for a new file. */
  String fresh(String directory, String suffix) {
    return location + "/" + directory + "/" + UUID.randomUUID() + suffix;
  }

  /** Notes a file written through {@link #io}. */
  Replacement replaced(String path, String by) {
    Replacement replacement = new Replacement(by, Objects.requireNonNull(io.written().get(by), by));
    replacements.put(path, replacement);
    return replacement;
  }

  /** Where a data file is, or would be. */
  String target(String path) {
    if (owns(path)) {
      return path;
    }
    int dot = path.lastIndexOf('.');
    String suffix = dot > path.lastIndexOf('/') ? path.substring(dot) : "";
    String name = path;
    while (true) {
      UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
      String target = location + "/data/" + id + suffix;
      if (!spent.contains(target)) {
        return target;
      }
      name += "+";
    }
  }

  /** Makes a data file the table's own. */
  String copy(String path, long bytes) {
    String target = target(path);
    if (!owns(path) && !replacements.containsKey(path)) {
      copy(path, target, bytes);
      replacements.put(path, new Replacement(target, bytes));
      copied.accept(bytes);
    }
    return target;
  }

  private void copy(String path, String target, long bytes) {
    try {
      if (io.newInputFile(target).exists()) {
        reuse(path, target, bytes);
        return;
      }
      try (InputStream in = io.newInputFile(path).newStream();
          OutputStream out = io.newOutputFile(target).create()) {
        in.transferTo(out);
      } catch (AlreadyExistsException | java.nio.file.FileAlreadyExistsException e) {
        reuse(path, target, bytes);
        return;
      }
      requireSize(target, bytes);
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot copy " + path + " to " + target, e);
    }
  }

  /** A copy from before a power loss has its name and size, and may not have its bytes. */
  private void reuse(String path, String target, long bytes) throws IOException {
    requireSize(target, bytes);
    if (!warehouse.isLocal()) {
      return;
    }
    InputFile original = io.newInputFile(path);
    InputFile copy = io.newInputFile(target);
    try (InputStream left = original.newStream();
        InputStream right = copy.newStream()) {
      byte[] a = left.readNBytes(1 << 16);
      byte[] b = right.readNBytes(1 << 16);
      while (a.length > 0 && java.util.Arrays.equals(a, b)) {
        a = left.readNBytes(1 << 16);
        b = right.readNBytes(1 << 16);
      }
      if (a.length != b.length || a.length > 0) {
        throw new IOException(target + " is not the copy that its name says; delete it");
      }
    }
    warehouse.found(target);
  }

  private void requireSize(String target, long bytes) throws IOException {
    long size = io.newInputFile(target).getLength();
    if (size != bytes) {
      throw new IOException(target + " has " + size + " bytes instead of " + bytes);
    }
  }
}
