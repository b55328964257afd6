package dev.polder.lake.delegation;

/**
 * A place in an S3 store. Immutable.
 *
 * @param key of a directory with a slash at its end
 */
record S3Place(String bucket, String key) {
  /** Of a location such as {@code s3://bucket/key}. */
  static S3Place of(String location) {
    int bucket = location.indexOf("://") + 3;
    int key = location.indexOf('/', bucket);
    if (bucket < 3 || key <= bucket) {
      throw new IllegalArgumentException(location);
    }
    return new S3Place(location.substring(bucket, key), location.substring(key + 1));
  }

  /** Whether something lies below this directory. */
  boolean holds(S3Place other) {
    return other.bucket.equals(bucket)
        && other.key.startsWith(key)
        && other.key.length() > key.length();
  }
}
