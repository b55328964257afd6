package dev.polder.lake.commit;

import dev.polder.lake.IsolationLevel;
import dev.polder.lake.Overwrite;
import dev.polder.lake.TableState;
import dev.polder.lake.filter.FileFilter;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TableFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Compares a table as a transaction read it with the table as it is now. The comparison is of their
 * live files, not of the snapshots between them: those may have been trimmed. One owner, not
 * thread-safe.
 */
final class ConflictCheck {
  private final TableState before;
  private final TableState now;
  private final ScanPlanner planner;
  private @Nullable Map<String, TableFiles.Entry> filesBefore;
  private @Nullable Map<String, TableFiles.Entry> filesNow;

  ConflictCheck(ScanPlanner planner, TableState before, TableState now) {
    this.before = before;
    this.now = now;
    this.planner = planner;
  }

  /** Throws when the changes may not be applied to the table as it is now. */
  void verify(List<TableChange> changes, List<LakeFilter> reads, IsolationLevel isolation) {
    verifyLayout(changes);
    List<LakeFilter> seen = new ArrayList<>(reads);
    for (TableChange change : changes) {
      if (change instanceof TableChange.Rewrite rewrite) {
        verifyTouched(rewrite.overwrite());
        seen.add(rewrite.overwrite().read());
      }
    }
    if (isolation == IsolationLevel.SERIALIZABLE) {
      seen.forEach(this::verifyRead);
    }
  }

  private void verifyLayout(List<TableChange> changes) {
    boolean defines = changes.stream().anyMatch(TableChange::definesLayout);
    boolean writes = changes.stream().anyMatch(TableChange::writesData);
    boolean moved =
        !before.schema().sameSchema(now.schema())
            || before.metadata().lastColumnId() != now.metadata().lastColumnId()
            || before.metadata().defaultSpecId() != now.metadata().defaultSpecId();
    if (moved && defines && writes) {
      throw Conflict.of("the table's definition was changed by another transaction");
    }
    if (moved && writes) {
      verifySchema(before.schema(), now.schema());
    }
  }

  /** Files of the old schema must mean the same under the new one. */
  private static void verifySchema(Schema old, Schema current) {
    Map<Integer, Types.NestedField> fields = TypeUtil.indexById(old.asStruct());
    for (Types.NestedField field : TypeUtil.indexById(current.asStruct()).values()) {
      Types.NestedField was = fields.get(field.fieldId());
      if (field.isRequired() && (was == null || was.isOptional())) {
        throw Conflict.of("column " + field.name() + " no longer takes NULL");
      }
    }
    for (Types.NestedField field : fields.values()) {
      Type is = current.findType(field.fieldId());
      boolean same =
          is != null
              && (field.type().isPrimitiveType()
                  ? is.isPrimitiveType()
                      && TypeUtil.isPromotionAllowed(field.type(), is.asPrimitiveType())
                  : is.typeId() == field.type().typeId());
      if (!same) {
        throw Conflict.of("column " + field.name() + " was dropped or changed");
      }
    }
  }

  private void verifyTouched(Overwrite overwrite) {
    Set<DataFile> touched = new HashSet<>(overwrite.removed());
    touched.addAll(overwrite.deletedRows().keySet());
    for (DataFile file : touched) {
      TableFiles.Entry was = filesBefore().get(file.location());
      if (was == null) {
        continue;
      }
      TableFiles.Entry is = filesNow().get(file.location());
      if (is == null || !keys(is.deletes()).equals(keys(was.deletes()))) {
        throw Conflict.of("rows that it changes were changed by another transaction");
      }
    }
  }

  private void verifyRead(LakeFilter read) {
    FileFilter filter = new FileFilter(read, now.schema(), now.metadata().specsById());
    long lastSeen = before.metadata().lastSequenceNumber();
    for (TableFiles.Entry entry : filesNow().values()) {
      TableFiles.Entry was = filesBefore().get(entry.file().location());
      boolean changed =
          was == null
              ? entry.file().dataSequenceNumber() > lastSeen
              : !keys(was.deletes()).equals(keys(entry.deletes()));
      if (changed && filter.mayMatch(entry.file())) {
        throw Conflict.of("rows that it read were added or changed by another transaction");
      }
    }
    for (TableFiles.Entry entry : filesBefore().values()) {
      if (!filesNow().containsKey(entry.file().location()) && filter.mayMatch(entry.file())) {
        throw Conflict.of("rows that it read were removed by another transaction");
      }
    }
  }

  /** Only when needed: appends are not compared by files, and a table may have many. */
  private Map<String, TableFiles.Entry> filesBefore() {
    if (filesBefore == null) {
      filesBefore = byLocation(planner.files(before));
    }
    return filesBefore;
  }

  private Map<String, TableFiles.Entry> filesNow() {
    if (filesNow == null) {
      filesNow = byLocation(planner.files(now));
    }
    return filesNow;
  }

  private static Map<String, TableFiles.Entry> byLocation(TableFiles files) {
    Map<String, TableFiles.Entry> entries = new HashMap<>();
    files.entries().forEach(entry -> entries.put(entry.file().location(), entry));
    return entries;
  }

  private static Set<String> keys(List<DeleteFile> deletes) {
    Set<String> keys = new HashSet<>();
    deletes.forEach(file -> keys.add(file.location() + "#" + file.contentOffset()));
    return keys;
  }
}
