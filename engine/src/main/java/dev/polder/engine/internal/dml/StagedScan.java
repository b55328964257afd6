package dev.polder.engine.internal.dml;

import dev.polder.duck.scan.FileGroup;
import dev.polder.duck.scan.ParquetScan;
import dev.polder.duck.scan.ScanFile;
import dev.polder.duck.write.WrittenFile;
import dev.polder.lake.TableState;
import dev.polder.sql.bind.ScanColumns;
import java.util.ArrayList;
import java.util.List;

/** Reads files that were just written. Stateless. */
final class StagedScan {
  private StagedScan() {}

  /** A SELECT of the table's columns from staged files. */
  static String sql(List<WrittenFile> files, TableState state) {
    List<ScanFile> scanned = new ArrayList<>();
    for (WrittenFile file : files) {
      scanned.add(new ScanFile(file.path().toString(), scanned.size(), file.rows(), false));
    }
    return ParquetScan.of(
            ScanColumns.of(state.schema().columns()),
            scanned.isEmpty() ? List.of() : List.of(FileGroup.byName(scanned)))
        .sql();
  }
}
