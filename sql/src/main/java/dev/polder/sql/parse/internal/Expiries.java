package dev.polder.sql.parse.internal;

import dev.polder.sql.statement.TokenStatement.Expiry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads when a token ends. A time without a zone is in UTC. */
final class Expiries {
  private static final Pattern SPAN =
      Pattern.compile("\\s*(\\d{1,6})\\s*(minute|hour|day|week|month|year)s?\\s*");
  private static final Pattern SHORT_OFFSET = Pattern.compile("[+-]\\d{2}$");

  private Expiries() {}

  static Optional<Expiry> parse(String text, boolean at) {
    return at ? time(text.strip()) : span(text);
  }

  private static Optional<Expiry> span(String text) {
    Matcher matcher = SPAN.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    Duration unit =
        switch (matcher.group(2)) {
          case "minute" -> Duration.ofMinutes(1);
          case "hour" -> Duration.ofHours(1);
          case "day" -> Duration.ofDays(1);
          case "week" -> Duration.ofDays(7);
          case "month" -> Duration.ofDays(30);
          default -> Duration.ofDays(365);
        };
    return count == 0 ? Optional.empty() : Optional.of(new Expiry.In(unit.multipliedBy(count)));
  }

  private static Optional<Expiry> time(String text) {
    return instantOf(text).map(Expiry.At::new);
  }

  /** A time as people write it. */
  static Optional<Instant> instantOf(String text) {
    try {
      return Optional.of(instant(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Instant instant(String text) {
    if (text.length() == 10) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    String iso = text.length() > 10 ? text.substring(0, 10) + "T" + text.substring(11) : text;
    if (SHORT_OFFSET.matcher(iso).find() && iso.length() > 13) {
      iso += ":00";
    }
    boolean zoned = iso.endsWith("Z") || iso.lastIndexOf('+') > 10 || iso.lastIndexOf('-') > 10;
    return zoned
        ? OffsetDateTime.parse(iso, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant()
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
  }
}
