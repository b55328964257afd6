package dev.polder.lake;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.write.DataFileSpec;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.roaringbitmap.RoaringBitmap;

/**
 * What an UPDATE, DELETE or MERGE changes: files that are rewritten (copy-on-write), rows that are
 * marked as deleted (merge-on-read), or both.
 *
 * @param removed files of the statement's plan that the table loses with all their rows
 * @param added files that it gains
 * @param deletedRows rows newly deleted in files that stay, by file; earlier deletes are kept
 * @param read which rows the statement looked at: under serializable isolation no one else may have
 *     added or deleted such a row
 * @param onlyDeletes whether the files that it gains hold nothing but rows of those that it loses
 */
public record Overwrite(
    List<DataFile> removed,
    List<DataFileSpec> added,
    Map<DataFile, RoaringBitmap> deletedRows,
    LakeFilter read,
    boolean onlyDeletes) {
  public Overwrite {
    removed = List.copyOf(removed);
    added = List.copyOf(added);
    deletedRows = Map.copyOf(deletedRows);
  }

  /** One that may bring new rows, unless it has no files for them. */
  public Overwrite(
      List<DataFile> removed,
      List<DataFileSpec> added,
      Map<DataFile, RoaringBitmap> deletedRows,
      LakeFilter read) {
    this(removed, added, deletedRows, read, added.isEmpty());
  }
}
