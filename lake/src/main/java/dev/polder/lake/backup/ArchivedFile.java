package dev.polder.lake.backup;

/**
 * One file in a backup. Immutable.
 *
 * @param object its name in the backup
 * @param path where it lay in the warehouse
 * @param sha256 of its content
 * @param storedBytes of the object, which is encrypted
 */
record ArchivedFile(
    String object, String path, long bytes, String sha256, long storedBytes, String storedSha256) {
  /** What its ciphertext is bound to: in no other backup and under no other name does it count. */
  String context(String backup) {
    return context(backup, object, path);
  }

  static String context(String backup, String object, String path) {
    return backup + "\n" + object + "\n" + path;
  }
}
