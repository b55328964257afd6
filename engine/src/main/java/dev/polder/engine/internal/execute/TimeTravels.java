package dev.polder.engine.internal.execute;

import dev.polder.lake.TimeTravel;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.AtClause;
import dev.polder.sql.analyse.AtValue;
import dev.polder.sql.analyse.Span;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.bind.Constants;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.statement.SqlText;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The moments that AT clauses name. A version is a commit's number. A timestamp is a text in the
 * session's time zone, an expression that gives one, or a whole number of milliseconds since the
 * epoch.
 */
final class TimeTravels {
  private TimeTravels() {}

  /** The moment of each table reference that has an AT clause, by its index. */
  static Map<Integer, TimeTravel> of(
      SqlText text, Analysis analysis, ParameterValues parameters, Constants constants) {
    Map<Integer, TimeTravel> times = new HashMap<>();
    for (TableReference reference : analysis.tables()) {
      reference
          .at()
          .ifPresent(at -> times.put(reference.index(), moment(text, at, parameters, constants)));
    }
    return times;
  }

  private static TimeTravel moment(
      SqlText text, AtClause at, ParameterValues parameters, Constants constants) {
    Object value =
        switch (at.value()) {
          case AtValue.Constant(String constant) -> constant;
          case AtValue.Parameter(String name) -> parameters.value(name).orElse(null);
          case AtValue.Expression(var span) ->
              span.map(where -> constants.evaluate(slice(text, where), List.of())).orElse(null);
        };
    int position = at.span().map(span -> text.position(span.start())).orElse(-1);
    return switch (at.unit()) {
      case VERSION -> version(value, position);
      case TIMESTAMP -> timestamp(value, constants, position);
    };
  }

  private static String slice(SqlText text, Span span) {
    return text.toString().substring(span.start(), span.end());
  }

  private static TimeTravel version(@Nullable Object value, int position) {
    if (value instanceof Number number) {
      return new TimeTravel.AtSeq(number.longValue());
    }
    if (value instanceof String string && isNumber(string)) {
      return new TimeTravel.AtSeq(Long.parseLong(string.strip()));
    }
    throw new PolderException(
        ErrorCode.VERSION_NOT_FOUND, "AT (VERSION => …) takes a commit's number", position, null);
  }

  private static TimeTravel timestamp(@Nullable Object value, Constants constants, int position) {
    Object moment = value;
    if (moment instanceof String string) {
      moment =
          isNumber(string)
              ? Long.valueOf(string.strip())
              : constants.evaluate("TRY_CAST(? AS TIMESTAMPTZ)", List.of(string));
    }
    return switch (moment) {
      case OffsetDateTime time -> micros(time.toInstant());
      case Instant time -> micros(time);
      case java.sql.Timestamp time -> micros(time.toInstant());
      case LocalDateTime time -> micros(time.toInstant(ZoneOffset.UTC));
      case LocalDate date -> micros(date.atStartOfDay().toInstant(ZoneOffset.UTC));
      case Number millis -> new TimeTravel.AtMicros(Math.multiplyExact(millis.longValue(), 1_000L));
      case null, default ->
          throw new PolderException(
              ErrorCode.VERSION_NOT_FOUND,
              "not a time: use a timestamp such as '2026-01-31 12:00:00+00' or milliseconds since"
                  + " 1970",
              position,
              null);
    };
  }

  private static boolean isNumber(String text) {
    String digits = text.strip();
    return !digits.isEmpty()
        && digits.length() <= 18
        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static TimeTravel micros(Instant time) {
    return new TimeTravel.AtMicros(ChronoUnit.MICROS.between(Instant.EPOCH, time));
  }
}
