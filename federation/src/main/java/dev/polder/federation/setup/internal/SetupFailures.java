package dev.polder.federation.setup.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;

/** What is said of set-up SQL that cannot be used. */
final class SetupFailures {
  private SetupFailures() {}

  static PolderException refused(String alias, int statement, String why) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "statement " + statement + " of the setupSql of source '" + alias + "': " + why);
  }
}
