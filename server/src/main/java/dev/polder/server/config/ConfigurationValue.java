package dev.polder.server.config;

/**
 * The text of one key and where it came from. Immutable; its text may be a secret, so that it is
 * never printed as it is.
 *
 * @param origin {@code polder.yaml:3}, {@code environment POLDER_HTTP_PORT}, {@code default} or
 *     {@code derived}
 */
record ConfigurationValue(String text, String origin) {
  @Override
  public String toString() {
    return "*** (" + origin + ")";
  }
}
