package dev.polder.metastore.source;

import java.util.Locale;
import java.util.Optional;

/** What becomes of an instance whose start a source's setup SQL fails in. */
public enum OnStartFailure {
  /** It does not start. */
  FAIL,
  /** It starts without the source. */
  SKIP;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<OnStartFailure> parse(String word) {
    for (OnStartFailure value : values()) {
      if (value.word().equals(word)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
