package dev.polder.metastore.quota;

import java.util.Arrays;
import java.util.Locale;

/** How soon the work of a database is taken up when there is more of it than fits. */
public enum PriorityClass {
  CRITICAL(0, 16),
  STANDARD(1, 4),
  BULK(2, 1);

  private final long code;
  private final int weight;

  PriorityClass(long code, int weight) {
    this.code = code;
    this.weight = weight;
  }

  /** Its number in a quota. */
  public long code() {
    return code;
  }

  static PriorityClass of(long code) {
    return Arrays.stream(values())
        .filter(each -> each.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("priority class " + code));
  }

  /** Its turns among those of the classes that wait. */
  public int weight() {
    return weight;
  }

  /** As written in statements. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
