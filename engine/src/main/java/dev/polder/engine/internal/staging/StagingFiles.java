package dev.polder.engine.internal.staging;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where staged files lie: each principal has an area of its own in each space, since a file holds
 * whatever its maker could read. Thread-safe.
 */
public final class StagingFiles {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.\\-]{0,199}");

  private final Path root;

  public StagingFiles(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Where the areas of all principals in the space lie, made when it is not there. */
  public Path directory(SpaceKey space) {
    return made(root.resolve(space.tenant().value()).resolve(space.database().toString()));
  }

  /** The principal's own directory, made when it is not there. */
  public Path directory(SpaceKey space, Identity owner) {
    return made(directory(space).resolve(area(owner)));
  }

  /**
   * Who has a part of its rights only has an area of that part: others hold what it may not read.
   */
  private static String area(Identity owner) {
    String principal = owner.id().value();
    return owner.scope().isWhole()
        ? principal
        : principal + "." + UUID.nameUUIDFromBytes(owner.scope().text().getBytes(UTF_8));
  }

  private static Path made(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new PolderException(ErrorCode.STORAGE_ERROR, "the staging area cannot be made", e);
    }
  }

  /**
   * The file of a name.
   *
   * @throws PolderException INVALID_NAME for anything but one plain path element
   */
  public Path file(SpaceKey space, Identity owner, String name) {
    if (!NAME.matcher(name).matches() || name.contains("..")) {
      throw new PolderException(
          ErrorCode.INVALID_NAME,
          "a staged file's name has letters, digits and _ . - only, and no directory");
    }
    return directory(space, owner).resolve(name);
  }

  /** The file of a name, which must be there. */
  public Path existing(SpaceKey space, Identity owner, String name) {
    Path file = file(space, owner, name);
    if (!Files.isRegularFile(file)) {
      throw new PolderException(
          ErrorCode.NOT_FOUND_PATH,
          "there is no file '"
              + name
              + "' in the staging area; PUT /api/staging/"
              + name
              + " brings one");
    }
    return file;
  }
}
