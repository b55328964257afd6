package dev.polder.federation.catalog;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import org.jspecify.annotations.Nullable;

/** The product's failures for those of sources; each names its source. Stateless. */
public final class SourceFailure {
  private static final int LONGEST = 1_000;

  private SourceFailure() {}

  /** The source cannot be reached. */
  public static PolderException unavailable(String alias, String what, @Nullable Throwable cause) {
    return new PolderException(
        ErrorCode.SOURCE_UNAVAILABLE, "source '" + alias + "' cannot be reached: " + what, cause);
  }

  /** The source refused or broke what it was asked. */
  public static PolderException failed(String alias, String what, @Nullable Throwable cause) {
    String text = what.strip();
    return new PolderException(
        ErrorCode.SOURCE_FAILED,
        "source '"
            + alias
            + "' failed: "
            + (text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text),
        cause);
  }

  /** A value is not one of its column's type. */
  public static PolderException value(
      String alias, String column, String type, String what, @Nullable Throwable cause) {
    return failed(
        alias, "column " + column + " holds a value that is no " + type + ": " + what, cause);
  }

  public static PolderException readOnly(String alias) {
    return new PolderException(
        ErrorCode.READ_ONLY,
        "source '" + alias + "' is read-only: create it with readOnly false to write to it");
  }

  public static PolderException cancelled() {
    return new PolderException(ErrorCode.STATEMENT_CANCELLED, "the statement was cancelled");
  }

  /** A failure of an engine of our own that reads for the source. */
  public static PolderException of(String alias, PolderException failure) {
    return switch (failure.code()) {
      case STATEMENT_CANCELLED,
          STATEMENT_TIMEOUT,
          SHUTTING_DOWN,
          SERVER_BUSY,
          TRANSACTION_CONFLICT,
          OUT_OF_MEMORY,
          DISK_FULL,
          SOURCE_FAILED,
          SOURCE_UNAVAILABLE,
          READ_ONLY ->
          failure;
      default -> failed(alias, failure.getMessage() == null ? "" : failure.getMessage(), failure);
    };
  }
}
