package dev.polder.lake.backup;

import dev.polder.lake.io.LocalFileIO;
import dev.polder.lake.io.S3Settings;
import dev.polder.lake.io.StorageFailure;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Where backups may lie: below one local directory, and below one prefix of an object store if the
 * server was given one. No name leads out of either. Thread-safe.
 */
public final class BackupPlaces implements AutoCloseable {
  private static final int DEPTH = 8;

  /** What a backup names its own files. */
  private static final List<String> RESERVED =
      List.of("objects", BackupPlace.MANIFEST, BackupPlace.MARK);

  private final Path directory;
  private final Optional<String> prefix;
  private final LocalFileIO local = new LocalFileIO();
  private final Optional<S3FileIO> remote;

  /**
   * @param prefix {@code s3://bucket/prefix}
   * @param s3 how the object store is reached; needed for a prefix
   */
  public BackupPlaces(Path directory, Optional<String> prefix, Optional<S3Settings> s3) {
    this.directory = directory.toAbsolutePath().normalize();
    this.prefix = prefix.map(BackupPlaces::withSlash);
    this.remote =
        prefix.map(ignored -> {
          S3FileIO io = new S3FileIO();
          io.initialize(
              s3.orElseThrow(() ->
                      new PolderException(
                          ErrorCode.INVALID_CONFIGURATION,
                          "backups shall go to S3: set its region and keys"))
                  .properties());
          return io;
        });
  }

  private static String withSlash(String prefix) {
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }

  /** The place of a backup: {@code file:///…}, {@code s3://…} or a name below the directory. */
  BackupPlace at(String uri) {
    if (uri.startsWith("s3://")) {
      S3FileIO io = remote.orElseThrow(() -> refused(uri, "this server has no backup.s3 prefix"));
      if (!uri.startsWith(prefix.orElseThrow())) {
        throw refused(uri, "it does not lie below " + prefix.orElseThrow());
      }
      requirePlain(uri, uri.substring(prefix.orElseThrow().length()));
      return new BackupPlace(uri, io);
    }
    if (uri.contains(":") && !uri.startsWith("file:///")) {
      throw refused(uri, "only file:///…, s3://… and names below the backup directory are known");
    }
    String name = uri.startsWith("file:///") ? below(uri) : uri;
    requirePlain(uri, name);
    Path path = directory.resolve(name);
    requireNoLinks(uri, path);
    return new BackupPlace(path.toString(), local);
  }

  /** Refuses a place that is not below one of these directories. */
  void requireBelow(String uri, List<String> directories) {
    String root = at(uri).root();
    String below = uri.startsWith("s3://") ? prefix.orElseThrow() : withSlash(directory.toString());
    String name = root.substring(below.length());
    if (directories.stream().noneMatch(it -> name.startsWith(it + "/"))) {
      throw refused(
          uri,
          "backups by others than superusers lie below the database's own directory; say '"
              + directories.getFirst()
              + "/"
              + name
              + "'");
    }
  }

  private String below(String uri) {
    String root = withSlash(directory.toString());
    String path = LocalFileIO.plain(uri);
    if (!path.startsWith(root)) {
      throw refused(uri, "it does not lie below the server's backup directory " + directory);
    }
    return path.substring(root.length());
  }

  private static void requirePlain(String uri, String name) {
    if (name.startsWith("/")) {
      throw refused(
          uri,
          "it begins with a slash; name it from the backup directory on, or write file:// before"
              + " the whole path");
    }
    if (name.isEmpty() || name.endsWith("/") || name.contains("//")) {
      throw refused(uri, "a part of its name is empty: leave out slashes at the end or doubled");
    }
    for (String part : name.split("/", -1)) {
      boolean plain =
          !part.isEmpty()
              && !part.startsWith(".")
              && !RESERVED.contains(part.toLowerCase(Locale.ROOT))
              && part.chars().allMatch(c -> c > ' ' && c < 0x7f && "%?#\\*".indexOf(c) < 0);
      if (!plain) {
        throw refused(
            uri,
            "each part of its name must be plain letters, not begin with a dot and be none of "
                + String.join(", ", RESERVED));
      }
    }
  }

  /** A link that somebody put there could lead anywhere. */
  private void requireNoLinks(String uri, Path path) {
    Path at = directory;
    for (Path part : directory.relativize(path)) {
      at = at.resolve(part);
      if (Files.isSymbolicLink(at)) {
        throw refused(uri, at + " is a symbolic link");
      }
    }
  }

  private static PolderException refused(String uri, String why) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER, "no backup can lie at '" + uri + "': " + why);
  }

  /** All places that hold a complete backup. */
  List<BackupPlace> complete() {
    List<BackupPlace> found = new ArrayList<>();
    try {
      if (Files.isDirectory(directory)) {
        try (Stream<Path> paths = Files.walk(directory, DEPTH)) {
          paths
              .filter(path -> path.endsWith(BackupPlace.MANIFEST))
              .map(Path::getParent)
              .sorted()
              .forEach(path -> found.add(new BackupPlace(path.toString(), local)));
        }
      }
      remote.ifPresent(io -> found.addAll(complete(io, prefix.orElseThrow())));
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot list backups", e);
    }
    return found;
  }

  private static List<BackupPlace> complete(S3FileIO io, String prefix) {
    TreeSet<String> found = new TreeSet<>();
    SupportsPrefixOperations store = io;
    store
        .listPrefix(prefix)
        .forEach(file -> {
          String end = "/" + BackupPlace.MANIFEST;
          if (file.location().endsWith(end)) {
            found.add(file.location().substring(0, file.location().length() - end.length()));
          }
        });
    return found.stream().map(root -> new BackupPlace(root, io)).toList();
  }

  @Override
  public void close() {
    local.close();
    remote.ifPresent(S3FileIO::close);
  }
}
