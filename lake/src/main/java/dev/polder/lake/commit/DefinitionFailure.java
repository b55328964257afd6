package dev.polder.lake.commit;

import dev.polder.lake.io.StorageFailure;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TableRef;

/** Puts a name to what Iceberg refuses of a table's definition. */
final class DefinitionFailure {
  private DefinitionFailure() {}

  static PolderException of(TableRef table, RuntimeException e) {
    if (e instanceof PolderException known) {
      return known;
    }
    if (StorageFailure.isStorage(e)) {
      return StorageFailure.of("cannot change table " + table, e);
    }
    String reason = String.valueOf(e.getMessage());
    return new PolderException(code(reason), "table " + table + ": " + reason, e);
  }

  private static ErrorCode code(String reason) {
    if (reason.contains("already exists") || reason.contains("ultiple fields for name")) {
      return ErrorCode.COLUMN_EXISTS;
    }
    if (reason.contains("missing column") || reason.contains("Cannot find")) {
      return ErrorCode.COLUMN_NOT_FOUND;
    }
    if (reason.contains("Cannot change column type")) {
      return ErrorCode.TYPE_MISMATCH;
    }
    return ErrorCode.INVALID_PARAMETER;
  }
}
