package dev.polder.server.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 1h30m}, {@code 7d}. */
public final class Durations {
  private static final Pattern TEXT = Pattern.compile("(?:\\d+(?:ms|s|m|h|d))+");
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException when the text is no duration; the message says what would be
   */
  public static Duration parse(String text) {
    String compact = text.strip().replace(" ", "");
    if (!TEXT.matcher(compact).matches()) {
      throw new IllegalArgumentException(
          "is no duration: write numbers with ms, s, m, h or d, such as 30s or 1h30m");
    }
    try {
      long millis = 0;
      Matcher part = PART.matcher(compact);
      while (part.find()) {
        long unit = MILLIS.getOrDefault(part.group(2), 1L);
        millis = Math.addExact(millis, Math.multiplyExact(Long.parseLong(part.group(1)), unit));
      }
      return Duration.ofMillis(millis);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("is longer than any duration that can be used", e);
    }
  }

  /** The shortest exact text. */
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    for (String unit : new String[] {"d", "h", "m", "s", "ms"}) {
      long size = MILLIS.getOrDefault(unit, 1L);
      if (millis >= size) {
        text.append(millis / size).append(unit);
        millis %= size;
      }
    }
    return text.toString();
  }
}
