package dev.polder.federation;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;

/**
 * A table of the source is no longer what the question took it for: a column or the table is gone
 * or of another type. What is known of the source is to be looked up again and asked anew.
 */
public final class SourceChangedException extends PolderException {
  public SourceChangedException(String message, Throwable cause) {
    super(ErrorCode.SOURCE_FAILED, message, cause);
  }
}
