package dev.polder.lake.lineage;

import dev.polder.lake.io.RecordingFileIO;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.lineage.RewriteStore.Replacement;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
  private final Optional<Foreign> foreign;
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Replacement> replacements = new HashMap<>();

  /**
   * @param files reads what takes its place and writes to the warehouse
   * @param location the table's directory
   * @param spent names that must not be used
   * @param copied hears the bytes of each copied file
   */
  OwnFiles(
      Warehouse warehouse, FileIO files, String location, Set<String> spent, LongConsumer copied) {
    this(warehouse, location, spent, copied, new RecordingFileIO(files), Optional.empty());
  }

  /** For files that are taken over from another warehouse. */
  OwnFiles(
      Warehouse warehouse,
      String location,
      Set<String> spent,
      LongConsumer copied,
      Foreign foreign) {
    this(
        warehouse,
        location,
        spent,
        copied,
        new RecordingFileIO(new SplitFileIO(location, warehouse.io(), foreign.files())),
        Optional.of(foreign));
  }

  private OwnFiles(
      Warehouse warehouse,
      String location,
      Set<String> spent,
      LongConsumer copied,
      RecordingFileIO io,
      Optional<Foreign> foreign) {
    this.warehouse = warehouse;
    this.io = io;
    this.foreign = foreign;
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

  /** A name for the file that takes another one's place. */
  String place(String path, String directory, String suffix) {
    return foreign.isEmpty()
        ? start(directory) + UUID.randomUUID() + suffix
        : names.computeIfAbsent(path, it -> name(it, directory, suffix, true));
  }

  /** Names in a directory, or with a prefix in one. */
  private String start(String directory) {
    return location + "/" + directory + (directory.endsWith("-") ? "" : "/");
  }

  /** What has taken the other one's place before, in a version that there is. */
  Optional<Replacement> present(String path, String directory, String suffix) {
    if (foreign.isEmpty()) {
      return Optional.empty();
    }
    String target = place(path, directory, suffix);
    Optional<Replacement> found =
        Optional.ofNullable(foreign.get().present().get(target))
            .map(bytes -> new Replacement(target, bytes));
    found.ifPresent(it -> replacements.put(path, it));
    return found;
  }

  /**
   * The first name that follows from the other one's and is in use, or free.
   *
   * @param written whether the file is written, so that one that is there already is of no use
   */
  private String name(String path, String directory, String suffix, boolean written) {
    Map<String, Long> present = foreign.map(Foreign::present).orElse(Map.of());
    String seed = path;
    while (true) {
      UUID id = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
      String target = start(directory) + id + suffix;
      if (present.containsKey(target)
          || (!spent.contains(target) && !(written && io.newInputFile(target).exists()))) {
        return target;
      }
      seed += "+";
    }
  }

  /** What a file of the source is called here, if it is here, whatever it is. */
  Optional<String> lookup(String path) {
    Map<String, Long> present = foreign.map(Foreign::present).orElse(Map.of());
    String id = UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)).toString();
    for (String again : List.of("", "+", "++")) {
      String seed =
          again.isEmpty()
              ? id
              : UUID.nameUUIDFromBytes((path + again).getBytes(StandardCharsets.UTF_8)).toString();
      Optional<String> found =
          present.keySet().stream()
              .filter(it -> it.substring(it.lastIndexOf('/') + 1).contains(seed))
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
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
    return names.computeIfAbsent(path, it -> name(it, "data", suffix, false));
  }

  /** Makes a data file the table's own. */
  String copy(String path, long bytes) {
    String target = target(path);
    if (!owns(path) && !replacements.containsKey(path)) {
      boolean there = foreign.filter(it -> it.present().containsKey(target)).isPresent();
      if (!there) {
        copy(path, target, bytes);
      }
      replacements.put(path, new Replacement(target, bytes));
      if (!there) {
        copied.accept(bytes);
      }
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
      if (foreign.isPresent()) {
        requireSame(path, target);
      }
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot copy " + path + " to " + target, e);
    }
  }

  /** A copy from before a power loss has its name and size, and may not have its bytes. */
  private void reuse(String path, String target, long bytes) throws IOException {
    requireSize(target, bytes);
    if (foreign.isPresent()) {
      requireSame(path, target);
      warehouse.found(target);
      return;
    }
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

  private void requireSame(String path, String target) throws IOException {
    String wanted = foreign.orElseThrow().digest().apply(path);
    MessageDigest digest = Sha256.digest();
    try (InputStream in = io.newInputFile(target).newStream()) {
      byte[] block = in.readNBytes(1 << 16);
      while (block.length > 0) {
        digest.update(block);
        block = in.readNBytes(1 << 16);
      }
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(wanted)) {
      throw new IOException(target + " is not what its source has; delete it");
    }
  }

  private void requireSize(String target, long bytes) throws IOException {
    long size = io.newInputFile(target).getLength();
    if (size != bytes) {
      throw new IOException(target + " has " + size + " bytes instead of " + bytes);
    }
  }
}
