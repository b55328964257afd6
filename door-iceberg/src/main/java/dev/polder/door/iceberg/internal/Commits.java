package dev.polder.door.iceberg.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Says of a commit whose outcome is not known that it is not: clients take a 503 for a commit that
 * did not happen, and would delete its files.
 */
final class Commits {
  private static final Set<ErrorCode> UNKNOWN =
      Set.of(ErrorCode.COMMIT_STATE_UNKNOWN, ErrorCode.METASTORE_UNAVAILABLE);

  private Commits() {}

  static <T> T known(Supplier<T> commit) {
    try {
      return commit.get();
    } catch (PolderException e) {
      if (UNKNOWN.contains(e.code())) {
        throw new PolderException(
            ErrorCode.COMMIT_OUTCOME_UNKNOWN, String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }
}
