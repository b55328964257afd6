package dev.polder.federation;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The directories of the server's machine that sources may reach, as its configuration says; with
 * none, sources reach no file. Links are followed before a path is judged. Immutable.
 */
public record PathRoots(List<Path> roots) {
  public PathRoots {
    roots = List.copyOf(roots);
  }

  /**
   * Refuses a path that lies under no root.
   *
   * @param what the property or statement that names it
   * @throws PolderException ACCESS_DENIED, or INVALID_PARAMETER for what is no path
   */
  public void require(String alias, String what, String path) {
    Path real;
    try {
      real = real(Path.of(path).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, what + " of source '" + alias + "' is no path", e);
    }
    if (roots.stream()
        .map(root -> real(root.toAbsolutePath().normalize()))
        .noneMatch(real::startsWith)) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          what
              + " of source '"
              + alias
              + "' lies outside of the directories that sources may reach; they are set by"
              + " federation.path-roots in the server's configuration");
    }
  }

  /** The path with the links in its existing part followed. */
  private static Path real(Path path) {
    try {
      if (Files.exists(path)) {
        return path.toRealPath();
      }
    } catch (IOException e) {
      return path;
    }
    Path parent = path.getParent();
    Path name = path.getFileName();
    return parent == null || name == null ? path : real(parent).resolve(name);
  }
}
