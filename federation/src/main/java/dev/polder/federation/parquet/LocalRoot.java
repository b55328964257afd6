package dev.polder.federation.parquet;

import dev.polder.federation.catalog.SourceFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory of this machine. Links are not followed: they could lead out of it. Thread-safe. */
final class LocalRoot implements ParquetRoot {
  private final String alias;
  private final Path directory;

  LocalRoot(String alias, Path directory) {
    this.alias = alias;
    this.directory = directory.toAbsolutePath().normalize();
  }

  @Override
  public List<ParquetFile> list() {
    try (Stream<Path> paths =
        Files.find(directory, Integer.MAX_VALUE, (path, found) -> found.isRegularFile())) {
      return paths
          .filter(path -> ParquetFile.isData(relative(path)))
          .map(this::file)
          .sorted(Comparator.comparing(ParquetFile::path))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw SourceFailure.unavailable(alias, "its directory cannot be listed", e);
    }
  }

  @Override
  public List<ParquetFile> list(String table) {
    return list().stream().filter(file -> file.table().equals(table)).toList();
  }

  private String relative(Path path) {
    return directory.relativize(path).toString().replace('\\', '/');
  }

  private ParquetFile file(Path path) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new ParquetFile(
          relative(path), found.size(), found.lastModifiedTime() + "/" + found.fileKey());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public Held hold(List<ParquetFile> files) {
    List<Path> paths = files.stream().map(file -> directory.resolve(file.path())).toList();
    return new Held() {
      @Override
      public List<Path> paths() {
        return paths;
      }

      @Override
      public void close() {
        // Files of this machine are not ours to keep.
      }
    };
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
