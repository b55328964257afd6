package dev.polder.sql.authorise;

import java.util.Optional;

/**
 * The sources of a space at the moment of a statement, disabled ones too: their names mean nothing
 * else meanwhile.
 */
@FunctionalInterface
public interface SourceReader {
  /** No sources. */
  SourceReader NONE = alias -> Optional.empty();

  /**
   * Finds a source by its alias, without regard to case.
   *
   * @throws dev.polder.model.PolderException SOURCE_DISABLED
   */
  Optional<AttachedSource> find(String alias);
}
