package dev.polder.metastore.quota;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a quota says. Each is a column of the metastore's quota table and, in lower case, an option
 * of the statements that set quotas.
 */
public enum QuotaField {
  MAX_MEMORY_BYTES(Kind.BUDGET, 0, 0, Long.MAX_VALUE >> 8),
  MAX_STORAGE_BYTES(Kind.BUDGET, 0, 0, Long.MAX_VALUE >> 8),
  MAX_QPS(Kind.BUDGET, 0, 0, 1_000_000_000),
  MAX_CONNECTIONS(Kind.BUDGET, 0, 0, 1_000_000_000),
  MAX_TEMP_DISK_BYTES(Kind.BUDGET, 0, 0, Long.MAX_VALUE >> 8),
  MAX_THREADS(Kind.CAP, 0, 0, 1_024),
  MAX_STATEMENT_SECONDS(Kind.CAP, 0, 0, 31_536_000),
  CACHE_WEIGHT(Kind.SHARE, 1, 1, 1_000_000),
  PRIORITY_CLASS(Kind.SHARE, PriorityClass.STANDARD.code(), 0, 2),
  MAINTENANCE_CPU_PCT(Kind.SHARE, 25, 1, 100);

  /** How a field of one tier acts with that of another. */
  public enum Kind {
    /** Those of all children together must fit into their parent's. Zero: without limit. */
    BUDGET,
    /** The lowest of the tiers' holds. Zero: without limit. */
    CAP,
    /** A share of what all databases have; only databases have one. */
    SHARE
  }

  private final Kind kind;
  private final long byDefault;
  private final long least;
  private final long most;

  QuotaField(Kind kind, long byDefault, long least, long most) {
    this.kind = kind;
    this.byDefault = byDefault;
    this.least = least;
    this.most = most;
  }

  public Kind kind() {
    return kind;
  }

  /** What holds where nothing was set. */
  public long byDefault() {
    return byDefault;
  }

  public long least() {
    return least;
  }

  public long most() {
    return most;
  }

  /** The name of the option, and of the column. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is limited, such as {@code memory_bytes}: the key of a limit without {@code max_}. */
  public String resource() {
    return kind == Kind.SHARE ? key() : key().substring("max_".length());
  }

  public static Optional<QuotaField> of(String key) {
    return Arrays.stream(values()).filter(field -> field.key().equalsIgnoreCase(key)).findFirst();
  }
}
