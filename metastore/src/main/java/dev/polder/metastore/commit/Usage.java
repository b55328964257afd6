package dev.polder.metastore.commit;

/**
 * How much the current state of something occupies. Immutable.
 *
 * @param sharedBytes what it reads of files that are charged to others
 */
public record Usage(long bytes, long files, long sharedBytes, long sharedFiles) {
  public Usage(long bytes, long files) {
    this(bytes, files, 0, 0);
  }
}
