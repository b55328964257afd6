package dev.polder.lake.plan;

import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;

/**
 * All live files of one table state, each data file with the deletes that apply to it. Immutable.
 */
public record TableFiles(List<Entry> entries, List<DeleteFile> deletes) {
  public static final TableFiles NONE = new TableFiles(List.of(), List.of());

  public TableFiles {
    entries = List.copyOf(entries);
    deletes = List.copyOf(deletes);
  }

  /** A data file and every delete file that may hold a delete of one of its rows. */
  public record Entry(DataFile file, List<DeleteFile> deletes) {
    public Entry {
      deletes = List.copyOf(deletes);
    }
  }
}
