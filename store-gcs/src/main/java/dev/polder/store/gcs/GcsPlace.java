package dev.polder.store.gcs;

/**
 * A directory in Google Cloud Storage. Immutable.
 *
 * @param prefix with a slash at its end
 */
record GcsPlace(String bucket, String prefix) {
  private static final String SCHEME = "gs://";

  /** Of a location such as {@code gs://bucket/prefix/}. */
  static GcsPlace of(String location) {
    int slash = location.indexOf('/', SCHEME.length());
    if (!location.startsWith(SCHEME) || slash <= SCHEME.length() || !location.endsWith("/")) {
      throw new IllegalArgumentException(location);
    }
    return new GcsPlace(location.substring(SCHEME.length(), slash), location.substring(slash + 1));
  }

  static String bucketOf(String location) {
    return of(location).bucket();
  }
}
