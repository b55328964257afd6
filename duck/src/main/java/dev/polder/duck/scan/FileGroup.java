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
 * @param names names of columns (by field id) inside of these files where they differ from the
 *     table's own; only for files that are read by name
 */
public record FileGroup(
    List<ScanFile> files,
    boolean byName,
    Map<Integer, String> constants,
    Map<Integer, String> names) {
  public FileGroup {
    files = List.copyOf(files);
    constants = Map.copyOf(constants);
    names = Map.copyOf(names);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a group of files must not be empty");
    }
  }

  /** The name of a column inside of these files. */
  String storedName(ScanColumn column) {
    return names.getOrDefault(column.fieldId(), column.name());
  }

  public static FileGroup byName(List<ScanFile> files) {
    return new FileGroup(files, true, Map.of(), Map.of());
  }

  public static FileGroup byFieldId(List<ScanFile> files) {
    return new FileGroup(files, false, Map.of(), Map.of());
  }
}
