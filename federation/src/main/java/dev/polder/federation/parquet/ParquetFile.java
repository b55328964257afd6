package dev.polder.federation.parquet;

import java.util.List;

/**
 * A file of a source.
 *
 * @param path relative to the source's root, parts separated by slashes
 * @param version changes whenever the content does
 */
record ParquetFile(String path, long size, String version) {
  private static final String SUFFIX = ".parquet";

  /** The first part of the path, without the suffix when it is the file itself. */
  String table() {
    int slash = path.indexOf('/');
    return slash < 0
        ? path.substring(0, path.length() - SUFFIX.length())
        : path.substring(0, slash);
  }

  boolean isTableByItself() {
    return path.indexOf('/') < 0;
  }

  /** Whether a directory of the path names a column and its value. */
  boolean isPartitioned() {
    int slash = path.lastIndexOf('/');
    return slash > 0
        && List.of(path.substring(0, slash).split("/", -1)).stream()
            .skip(1)
            .anyMatch(part -> part.indexOf('=') > 0);
  }

  /** Whether a path is one of data: hidden files and those of other programs' logs are not. */
  static boolean isData(String path) {
    if (!path.toLowerCase(java.util.Locale.ROOT).endsWith(SUFFIX)) {
      return false;
    }
    for (String part : path.split("/", -1)) {
      boolean isPartition = part.indexOf('=') > 0;
      if (part.isEmpty() || part.startsWith(".") || (part.startsWith("_") && !isPartition)) {
        return false;
      }
    }
    return true;
  }
}
