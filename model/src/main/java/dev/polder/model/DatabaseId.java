package dev.polder.model;

/**
 * A database's number: 0 is {@code default}, 0–1023 are reserved, users' start at 1024; never
 * reused.
 */
public record DatabaseId(long value) {
  public static final DatabaseId DEFAULT = new DatabaseId(0);
  public static final long FIRST_USER_ID = 1024;

  public DatabaseId {
    if (value < 0) {
      throw new IllegalArgumentException("database id " + value);
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
