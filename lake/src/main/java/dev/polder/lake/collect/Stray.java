package dev.polder.lake.collect;

import dev.polder.lake.io.StoredFile;
import dev.polder.model.DatabaseId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file in a table's directory that may be nobody's. Immutable.
 *
 * @param location the table's directory
 * @param directory its last part
 */
record Stray(String path, DatabaseId database, String location, String directory) {
  private static final Pattern PLACE = Pattern.compile("/[^/]+/([0-9]{1,18})/([^/]+)/.+");

  /** Commits do not tell of statistics: a file that may hold some is left alone. */
  private static final Pattern STATISTICS = Pattern.compile(".*(\\.stats|/partition-stats-[^/]*)");

  /** Null for what is no table's file, or must not be judged by the commits. */
  static @Nullable Stray of(String root, StoredFile file) {
    String path = file.path();
    if (!path.startsWith(root) || STATISTICS.matcher(path).matches()) {
      return null;
    }
    Matcher place = PLACE.matcher(path.substring(root.length()));
    if (!place.matches()) {
      return null;
    }
    String location = path.substring(0, root.length() + place.end(2));
    return new Stray(
        path, new DatabaseId(Long.parseLong(place.group(1))), location, place.group(2));
  }
}
