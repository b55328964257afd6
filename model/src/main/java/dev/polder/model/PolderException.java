package dev.polder.model;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The one unchecked root of failures that a user may see. Its message says what, which object and
 * what to do next, and never carries a secret.
 */
public class PolderException extends RuntimeException {
  private final ErrorCode code;
  private final int position;

  public PolderException(ErrorCode code, String message) {
    this(code, message, -1, null);
  }

  public PolderException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, -1, cause);
  }

  /**
   * @param position offset of the offending character in the statement, in UTF-16 units from 0; −1
   *     when unknown
   */
  public PolderException(ErrorCode code, String message, int position, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.position = position;
  }

  public ErrorCode code() {
    return code;
  }

  /** Offset in the statement's text, in UTF-16 units from 0. */
  public OptionalInt position() {
    return position < 0 ? OptionalInt.empty() : OptionalInt.of(position);
  }
}
