package dev.polder.sql.bind;

import dev.polder.lake.plan.RowDeletes;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/**
 * The deleted rows of some files of one scan, by the file's index in it. Loads a file's bitmap when
 * its first row is asked for. Thread-safe.
 */
public final class DeletedFiles {
  private final RowDeletes[] files;

  DeletedFiles(Map<Integer, RowDeletes> deletes) {
    int length = deletes.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    files = new RowDeletes[length];
    java.util.Arrays.setAll(files, index -> deletes.getOrDefault(index, RoaringBitmap::new));
  }

  public boolean isDeleted(int fileIndex, long row) {
    return fileIndex < files.length && files[fileIndex].positions().contains((int) row);
  }
}
