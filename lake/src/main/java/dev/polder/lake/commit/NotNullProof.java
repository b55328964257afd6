package dev.polder.lake.commit;

import dev.polder.lake.plan.TableFiles;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Holds columns that may not be NULL against the counts that files carry. Stateless. */
final class NotNullProof {
  private NotNullProof() {}

  /** Requires of each top-level column that became NOT NULL that no file holds a NULL there. */
  static void require(Schema before, Schema after, Iterable<TableFiles.Entry> files) {
    for (Types.NestedField field : after.columns()) {
      Types.NestedField old = before.findField(field.fieldId());
      if (old != null && old.isOptional() && field.isRequired()) {
        require(field, files);
      }
    }
  }

  private static void require(Types.NestedField field, Iterable<TableFiles.Entry> files) {
    long nulls = 0;
    long unknown = 0;
    for (TableFiles.Entry entry : files) {
      Long count = nulls(entry.file(), field);
      nulls += count == null ? 0 : count;
      unknown += count == null ? 1 : 0;
    }
    if (nulls > 0) {
      throw new PolderException(
          ErrorCode.NOT_NULL_VIOLATION,
          "column "
              + field.name()
              + " cannot be NOT NULL: the table's files hold "
              + nulls
              + " NULLs in it; UPDATE them first");
    }
    if (unknown > 0) {
      throw new PolderException(
          ErrorCode.NOT_NULL_VIOLATION,
          "column "
              + field.name()
              + " cannot be NOT NULL: "
              + unknown
              + " files do not tell whether they hold NULLs in it; UPDATE the table to write them"
              + " again");
    }
  }

  /** Refuses a file that was written while one of its columns could still be NULL. */
  static void check(Schema schema, DataFile file) {
    for (Types.NestedField field : schema.columns()) {
      Long count = field.isRequired() ? nulls(file, field) : null;
      if (count != null && count > 0) {
        throw Conflict.of("column " + field.name() + " became NOT NULL");
      }
    }
  }

  private static @Nullable Long nulls(DataFile file, Types.NestedField field) {
    Map<Integer, Long> counts = file.nullValueCounts();
    return counts == null ? null : counts.get(field.fieldId());
  }
}
