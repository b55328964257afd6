package dev.polder.door.http.internal.result;

import java.time.LocalDate;

/** The texts of values that JSON has no form for: ISO 8601, PostgreSQL's infinities. */
final class TextTypes {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long SECONDS_PER_DAY = 86_400;

  private TextTypes() {}

  static String date(int epochDay) {
    if (epochDay == Integer.MAX_VALUE) {
      return "infinity";
    }
    if (epochDay == -Integer.MAX_VALUE) {
      return "-infinity";
    }
    return date(new StringBuilder(12), epochDay).toString();
  }

  static String time(long units, long unitsPerSecond) {
    StringBuilder text = new StringBuilder(18);
    time(
        text, units / unitsPerSecond, units % unitsPerSecond * (NANOS_PER_SECOND / unitsPerSecond));
    return text.toString();
  }

  /**
   * @param zone what follows the time: {@code Z} for an instant, nothing for a local time
   */
  static String timestamp(long units, long unitsPerSecond, String zone) {
    if (units == Long.MAX_VALUE) {
      return "infinity";
    }
    if (units == -Long.MAX_VALUE) {
      return "-infinity";
    }
    long seconds = Math.floorDiv(units, unitsPerSecond);
    long nanos = Math.floorMod(units, unitsPerSecond) * (NANOS_PER_SECOND / unitsPerSecond);
    StringBuilder text = new StringBuilder(30);
    date(text, Math.floorDiv(seconds, SECONDS_PER_DAY)).append('T');
    time(text, Math.floorMod(seconds, SECONDS_PER_DAY), nanos);
    return text.append(zone).toString();
  }

  /** An ISO 8601 duration; each part has its own sign. */
  static String interval(int months, int days, long nanos) {
    if (months == 0 && days == 0 && nanos == 0) {
      return "PT0S";
    }
    StringBuilder text = new StringBuilder("P");
    part(text, months / 12, 'Y');
    part(text, months % 12, 'M');
    part(text, days, 'D');
    if (nanos != 0) {
      text.append('T');
      long seconds = nanos / NANOS_PER_SECOND;
      part(text, seconds / 3600, 'H');
      part(text, seconds / 60 % 60, 'M');
      long rest = nanos % NANOS_PER_SECOND;
      if (seconds % 60 != 0 || rest != 0) {
        if (nanos < 0) {
          text.append('-');
        }
        text.append(Math.abs(seconds % 60));
        fraction(text, Math.abs(rest));
        text.append('S');
      }
    }
    return text.toString();
  }

  private static void part(StringBuilder text, long value, char unit) {
    if (value != 0) {
      text.append(value).append(unit);
    }
  }

  private static StringBuilder date(StringBuilder text, long epochDay) {
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    int year = date.getYear();
    if (year > 9999) {
      text.append('+').append(year);
    } else if (year < 0) {
      text.append('-');
      pad(text, -year, 4);
    } else {
      pad(text, year, 4);
    }
    text.append('-');
    pad(text, date.getMonthValue(), 2);
    text.append('-');
    return pad(text, date.getDayOfMonth(), 2);
  }

  private static void time(StringBuilder text, long secondOfDay, long nanos) {
    pad(text, secondOfDay / 3600, 2).append(':');
    pad(text, secondOfDay / 60 % 60, 2).append(':');
    pad(text, secondOfDay % 60, 2);
    fraction(text, nanos);
  }

  private static void fraction(StringBuilder text, long nanos) {
    if (nanos != 0) {
      text.append('.');
      int start = text.length();
      pad(text, nanos, 9);
      int end = text.length();
      while (text.charAt(end - 1) == '0' && end - 1 > start) {
        end--;
      }
      text.setLength(end);
    }
  }

  private static StringBuilder pad(StringBuilder text, long value, int width) {
    String digits = Long.toString(value);
    text.repeat('0', width - Math.min(width, digits.length()));
    return text.append(digits);
  }
}
