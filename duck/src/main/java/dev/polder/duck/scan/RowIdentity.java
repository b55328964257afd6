package dev.polder.duck.scan;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Names of the two extra columns that tell where a row lies: its file's index (INTEGER) and its
 * position (BIGINT).
 */
public record RowIdentity(String fileColumn, String rowColumn) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Names that no statement can guess. */
  public static RowIdentity unguessable() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    String suffix = HexFormat.of().formatHex(bytes);
    return new RowIdentity("file_" + suffix, "row_" + suffix);
  }
}
