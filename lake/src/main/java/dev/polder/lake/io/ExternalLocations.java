package dev.polder.lake.io;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Prefixes outside of the warehouse below which other engines may keep files of tables. Nobody's
 * files there are told apart, counted or deleted. Immutable.
 */
public record ExternalLocations(List<String> prefixes) {
  public static final ExternalLocations NONE = new ExternalLocations(List.of());

  /** A part of a path that a store may take for another one. */
  private static final Pattern UNPLAIN = Pattern.compile("(^|/)\\.{0,2}(/|$)|[\\\\\\p{Cntrl}]");

  public ExternalLocations {
    prefixes = prefixes.stream().map(ExternalLocations::directory).toList();
  }

  private static String directory(String prefix) {
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }

  boolean cover(String path) {
    return prefixes.stream().anyMatch(prefix -> isBelow(path, prefix));
  }

  /**
   * Whether a path lies below a directory whatever store reads it.
   *
   * @param directory ends with a slash
   */
  static boolean isBelow(String path, String directory) {
    return path.startsWith(directory)
        && !UNPLAIN.matcher(path.substring(directory.length())).find();
  }
}
