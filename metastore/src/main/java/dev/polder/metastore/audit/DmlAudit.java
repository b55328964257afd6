package dev.polder.metastore.audit;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which statements about rows a database's trail keeps. */
public enum DmlAudit {
  NONE,
  /** Those that change rows. */
  WRITES,
  /** Those that read rows too. */
  ALL;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<DmlAudit> parse(String word) {
    return Stream.of(values()).filter(mode -> mode.word().equalsIgnoreCase(word)).findFirst();
  }

  public boolean keepsWrites() {
    return this != NONE;
  }

  public boolean keepsReads() {
    return this == ALL;
  }
}
