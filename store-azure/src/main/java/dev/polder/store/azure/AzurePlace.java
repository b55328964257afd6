package dev.polder.store.azure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in Azure Data Lake Storage. Immutable.
 *
 * @param path below the container, without a slash at either end
 */
record AzurePlace(String container, String host, String path) {
  private static final Pattern LOCATION = Pattern.compile("abfss://([^@/]+)@([^@/]+)(?:/(.*))?");

  /** Of a location such as {@code abfss://container@account.dfs.core.windows.net/path}. */
  static AzurePlace of(String location) {
    Matcher matcher = LOCATION.matcher(location);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(location);
    }
    String path = matcher.group(3) == null ? "" : matcher.group(3);
    return new AzurePlace(
        matcher.group(1),
        matcher.group(2),
        path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
  }

  String account() {
    return host.substring(0, host.indexOf('.'));
  }
}
