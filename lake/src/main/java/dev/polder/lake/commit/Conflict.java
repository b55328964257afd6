package dev.polder.lake.commit;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;

/** The failure of a commit that others' commits came in the way of. */
final class Conflict {
  private Conflict() {}

  static PolderException of(String reason) {
    return new PolderException(
        ErrorCode.TRANSACTION_CONFLICT, "the transaction conflicts: " + reason + "; try it again");
  }

  static PolderException of(String reason, Throwable cause) {
    return new PolderException(
        ErrorCode.TRANSACTION_CONFLICT,
        "the transaction conflicts: " + reason + "; try it again",
        cause);
  }
}
