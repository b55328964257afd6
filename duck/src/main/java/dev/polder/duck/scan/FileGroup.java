package dev.polder.duck.scan;

import java.util.List;
import java.util.Map;

/**
 * Files that are read in the same way. Immutable.
 *
 * @param files a representative one first: DuckDB estimates by it
 * @param byName whether the names and types inside of the files are the table's own; otherwise
 *     columns are found by field id
 * @param constants expressions that stand for columns (by field id) which these files do not hold,
 *     such as values of identity partitions
 */
public record FileGroup(List<ScanFile> files, boolean byName, Map<Integer, String> constants) {
  public FileGroup {
    files = List.copyOf(files);
    constants = Map.copyOf(constants);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a group of files must not be empty");
    }
  }

  public static FileGroup byName(List<ScanFile> files) {
    return new FileGroup(files, true, Map.of());
  }

  public static FileGroup byFieldId(List<ScanFile> files) {
    return new FileGroup(files, false, Map.of());
  }
}
