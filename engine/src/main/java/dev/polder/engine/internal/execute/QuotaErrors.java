package dev.polder.engine.internal.execute;

import dev.polder.engine.internal.instance.SpaceInstances;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import org.apache.arrow.memory.OutOfMemoryException;

/** Makes DuckDB's failures at a limit that a quota has set failures of that quota. Stateless. */
public record QuotaErrors(SpaceInstances instances) {
  /** The failure as its user is told of it. */
  public PolderException apply(SpaceKey space, PolderException failure) {
    return switch (failure.code()) {
      case OUT_OF_MEMORY ->
          failure.getCause() instanceof OutOfMemoryException
              ? failure
              : instances
                  .memoryBound(space)
                  .map(bound ->
                      bound.exceeded(
                          ErrorCode.MEMORY_QUOTA_EXCEEDED, "the statement needs more memory"))
                  .orElse(failure);
      case DISK_FULL ->
          isOfLimit(failure)
              ? instances
                  .tempBound(space)
                  .map(bound ->
                      bound.exceeded(
                          ErrorCode.TEMP_DISK_QUOTA_EXCEEDED,
                          "the statement needs more temporary space"))
                  .orElse(failure)
              : failure;
      default -> failure;
    };
  }

  /** A disk that is full fails otherwise. */
  private static boolean isOfLimit(PolderException failure) {
    return failure.getCause() != null
        && String.valueOf(failure.getCause().getMessage()).contains("max_temp_directory_size");
  }
}
