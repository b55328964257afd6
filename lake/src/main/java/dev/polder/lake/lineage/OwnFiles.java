package dev.polder.lake.lineage;

import dev.polder.lake.io.RecordingFileIO;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.io.WholeFile;
import dev.polder.metastore.lineage.RewriteStore.Replacement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
  private static final int BLOCK = 1 << 16;

  private final Warehouse warehouse;
  private final RecordingFileIO io;
  private final String location;
  private final Set<String> spent;
  private final LongConsumer copied;
  private final Optional<Foreign> foreign;
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Replacement> replacements = new HashMap<>();
  private final Map<String, Target> targets = new HashMap<>();

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
        : names.computeIfAbsent(path, it -> name(it, directory, suffix));
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

  /** The first name that follows from the other one's and is in use, or free. */
  private String name(String path, String directory, String suffix) {
    Map<String, Long> present = foreign.map(Foreign::present).orElse(Map.of());
    String seed = path;
    while (true) {
      UUID id = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
      String target = start(directory) + id + suffix;
      if (present.containsKey(target)
          || (!spent.contains(target) && !io.newInputFile(target).exists())) {
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

  /** Those that are the same byte for byte: from the old to the new name. */
  Map<String, String> copies() {
    Map<String, String> copies = new TreeMap<>();
    targets.forEach((path, target) -> {
      if (replacements.containsKey(path)) {
        copies.put(path, target.path());
      }
    });
    return copies;
  }

  /** Where a data file is, or would be; the same each time. */
  String target(String path) {
    return owns(path) ? path : chosen(path).path();
  }

  /** Makes a data file the table's own. */
  String copy(String path, long bytes) {
    if (owns(path)) {
      return path;
    }
    Target target = chosen(path);
    if (!replacements.containsKey(path)) {
      if (!target.isThere()) {
        copy(path, target.path(), bytes);
      }
      replacements.put(path, new Replacement(target.path(), bytes));
      if (!isPresent(target.path())) {
        copied.accept(bytes);
      }
    }
    return target.path();
  }

  private boolean isPresent(String target) {
    return foreign.filter(it -> it.present().containsKey(target)).isPresent();
  }

  /**
   * A name for a copy.
   *
   * @param isThere whether it has been made
   */
  private record Target(String path, boolean isThere) {}

  private Target chosen(String path) {
    Target known = targets.get(path);
    if (known == null) {
      try {
        known = choose(path);
      } catch (IOException | RuntimeException e) {
        throw StorageFailure.of("cannot look for a copy of " + path, e);
      }
      targets.put(path, known);
    }
    return known;
  }

  /** Passes over what bears a copy's name and is none: nothing that may be in use is replaced. */
  private Target choose(String path) throws IOException {
    int dot = path.lastIndexOf('.');
    String suffix = dot > path.lastIndexOf('/') ? path.substring(dot) : "";
    for (String name = path; ; name += "+") {
      UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
      String target = location + "/data/" + id + suffix;
      if (isPresent(target)) {
        return new Target(target, true);
      }
      if (spent.contains(target)) {
        continue;
      }
      if (!io.newInputFile(target).exists()) {
        return new Target(target, false);
      }
      if (isCopy(path, target)) {
        return new Target(target, true);
      }
    }
  }

  private void copy(String path, String target, long bytes) {
    try {
      try (InputStream in = io.newInputFile(path).newStream()) {
        WholeFile.write(io.newOutputFile(target), in::transferTo);
      } catch (AlreadyExistsException | FileAlreadyExistsException e) {
        if (!isCopy(path, target)) {
          throw new IOException("it exists and has another content; try again", e);
        }
      }
      long size = io.newInputFile(target).getLength();
      if (size != bytes) {
        throw new IOException("it has " + size + " bytes instead of " + bytes);
      }
      if (foreign.isPresent() && !isSame(path, target)) {
        throw new IOException("it is not what its source has; try again");
      }
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot copy " + path + " to " + target, e);
    }
  }

  /** A copy from before a power loss has its name and size, and may not have its bytes. */
  private boolean isCopy(String path, String target) throws IOException {
    if (foreign.isPresent()) {
      if (!isSame(path, target)) {
        return false;
      }
      warehouse.found(target);
      return true;
    }
    InputFile original = io.newInputFile(path);
    InputFile copy = io.newInputFile(target);
    if (original.getLength() != copy.getLength()) {
      return false;
    }
    if (!warehouse.isLocal()) {
      return true;
    }
    try (InputStream left = original.newStream();
        InputStream right = copy.newStream()) {
      byte[] a = left.readNBytes(BLOCK);
      byte[] b = right.readNBytes(BLOCK);
      while (a.length > 0 && Arrays.equals(a, b)) {
        a = left.readNBytes(BLOCK);
        b = right.readNBytes(BLOCK);
      }
      if (a.length > 0 || b.length > 0) {
        return false;
      }
    }
    warehouse.found(target);
    return true;
  }

  private boolean isSame(String path, String target) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = io.newInputFile(target).newStream()) {
      byte[] block = in.readNBytes(BLOCK);
      while (block.length > 0) {
        digest.update(block);
        block = in.readNBytes(BLOCK);
      }
    }
    return HexFormat.of()
        .formatHex(digest.digest())
        .equals(foreign.orElseThrow().digest().apply(path));
  }
}
