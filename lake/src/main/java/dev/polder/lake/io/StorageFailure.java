package dev.polder.lake.io;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;

/** Turns failures of the file store into what a user is told. */
public final class StorageFailure {
  private StorageFailure() {}

  public static PolderException of(String what, Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    boolean full = reason.toLowerCase(Locale.ROOT).contains("no space left");
    return new PolderException(
        full ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_ERROR,
        what + (full ? ": the disk is full; free space and try again" : ": " + reason),
        cause);
  }

  /** Whether the exception speaks of the file store rather than of the statement. */
  public static boolean isStorage(RuntimeException e) {
    return e instanceof UncheckedIOException
        || e instanceof RuntimeIOException
        || e instanceof NotFoundException
        || e.getCause() instanceof IOException;
  }
}
