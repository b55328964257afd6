package dev.polder.engine.internal.dml;

import dev.polder.duck.DeletedRowsRegistration;
import dev.polder.duck.scan.FileGroup;
import dev.polder.duck.scan.ParquetScan;
import dev.polder.duck.scan.RowIdentity;
import dev.polder.duck.scan.ScanFile;
import dev.polder.duck.write.WrittenFile;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.Overwrite;
import dev.polder.lake.TableState;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.sql.bind.Binder;
import dev.polder.sql.bind.ScanColumns;
import dev.polder.sql.bind.ScanFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.DataFile;
import org.roaringbitmap.RoaringBitmap;

/**
 * Takes matched rows out of a table and puts new ones in: by rewriting the files that hold them, or
 * by marking them as deleted, as the table's properties say. For one statement.
 */
final class TargetRewrite {
  private static final String MERGE_ON_READ = "merge-on-read";

  private final StatementContext context;
  private final Execution execution;
  private final LakeCollection table;
  private final TableState state;
  private final MatchedRows matched;

  TargetRewrite(
      StatementContext context,
      Execution execution,
      LakeCollection table,
      TableState state,
      MatchedRows matched) {
    this.context = context;
    this.execution = execution;
    this.table = table;
    this.state = state;
    this.matched = matched;
  }

  /** The matched rows as they are stored, with their identity: a SELECT over the affected files. */
  String storedRows() {
    return scan(false).withIdentity(new RowIdentity(Binder.FILE, Binder.ROW)).sql();
  }

  /**
   * Makes the change.
   *
   * @param modeProperty which property chooses the way, such as {@code write.delete.mode}
   * @param newRows a SELECT of the table's columns that gives the rows to add
   * @param read which rows the statement looked at
   */
  void apply(String modeProperty, Optional<String> newRows, LakeFilter read) {
    RowWriter writer = new RowWriter(context, execution, state);
    boolean mark = MERGE_ON_READ.equals(state.properties().getOrDefault(modeProperty, ""));
    Optional<String> kept = mark || !keepsRows() ? Optional.empty() : Optional.of(scan(true).sql());
    List<String> parts = new ArrayList<>();
    kept.ifPresent(parts::add);
    newRows.ifPresent(parts::add);
    List<DataFileSpec> added = List.of();
    if (!parts.isEmpty()) {
      List<WrittenFile> files =
          writer.stage(
              parts.size() == 1
                  ? parts.getFirst()
                  : "(" + String.join("\n) UNION ALL (", parts) + "\n)",
              List.of(),
              false);
      added = writer.publish(files);
    }
    context
        .writing()
        .overwrite(
            table,
            new Overwrite(
                mark
                    ? List.of()
                    : matched.byFile().keySet().stream().map(PlannedFile::dataFile).toList(),
                added,
                mark ? marks() : Map.of(),
                read,
                newRows.isEmpty()));
  }

  private Map<DataFile, RoaringBitmap> marks() {
    Map<DataFile, RoaringBitmap> marks = new LinkedHashMap<>();
    matched.byFile().forEach((file, rows) -> marks.put(file.dataFile(), rows));
    return marks;
  }

  private boolean keepsRows() {
    return matched.byFile().keySet().stream()
        .anyMatch(file -> matched.gone(file).getLongCardinality() < file.recordCount());
  }

  /**
   * The affected files without the rows deleted before.
   *
   * @param withoutMatched also without the matched rows
   */
  private ParquetScan scan(boolean withoutMatched) {
    List<PlannedFile> files = List.copyOf(matched.byFile().keySet());
    Map<Integer, RoaringBitmap> gone = new HashMap<>();
    for (PlannedFile file : files) {
      if (withoutMatched) {
        gone.put(file.index(), matched.gone(file));
      } else {
        file.deletes().ifPresent(deletes -> gone.put(file.index(), deletes.positions()));
      }
    }
    List<FileGroup> groups = new ArrayList<>();
    for (FileGroup group : ScanFiles.groups(files, state.schema(), context.engine().files())) {
      List<ScanFile> members =
          group.files().stream()
              .map(file ->
                  new ScanFile(
                      file.path(),
                      file.index(),
                      file.recordCount(),
                      gone.containsKey(file.index())))
              .toList();
      groups.add(new FileGroup(members, group.byName(), group.constants(), group.names()));
    }
    OptionalLong handle = OptionalLong.empty();
    if (!gone.isEmpty()) {
      DeletedRowsRegistration registration =
          execution.register((file, row) -> {
            RoaringBitmap rows = gone.get(file);
            return rows != null && rows.contains((int) row);
          });
      handle = OptionalLong.of(registration.handle());
    }
    return new ParquetScan(
        ScanColumns.of(state.schema().columns()), groups, handle, null, null, Map.of());
  }
}
