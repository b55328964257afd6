package dev.polder.federation.mysql;

import dev.polder.federation.jdbc.JdbcValues;
import dev.polder.sql.remote.RemoteColumn;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import org.jspecify.annotations.Nullable;

/**
 * Values as the server writes them, read strictly: a column that became one of another type gives
 * an error, never a rounded or guessed value.
 *
 * @param zeroDates whether dates without a year, month or day are NULL
 */
record MysqlValues(boolean zeroDates) implements JdbcValues {
  private static final DateTimeFormatter CLOCK =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .optionalStart()
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter();

  @Override
  public @Nullable Boolean truth(ResultSet rows, int column) throws SQLException, InvalidValue {
    Long value = integer(rows, column);
    if (value != null && value != 0 && value != 1) {
      throw new InvalidValue(value + " is neither 0 nor 1");
    }
    return value == null ? null : value == 1;
  }

  @Override
  public @Nullable Long integer(ResultSet rows, int column) throws SQLException, InvalidValue {
    String text = rows.getString(column);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw new InvalidValue("'" + shown(text) + "' is no whole number of 64 bits", e);
    }
  }

  @Override
  public @Nullable Double floating(ResultSet rows, int column) throws SQLException, InvalidValue {
    String text = rows.getString(column);
    try {
      return text == null ? null : Double.valueOf(text);
    } catch (NumberFormatException e) {
      throw new InvalidValue("'" + shown(text) + "' is no number", e);
    }
  }

  @Override
  public @Nullable BigDecimal decimal(ResultSet rows, int column)
      throws SQLException, InvalidValue {
    String text = rows.getString(column);
    try {
      return text == null ? null : new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new InvalidValue("'" + shown(text) + "' is no number", e);
    }
  }

  @Override
  public @Nullable LocalDate date(ResultSet rows, int column) throws SQLException, InvalidValue {
    String text = rows.getString(column);
    return text == null || isZero(text) ? null : day(text);
  }

  @Override
  public @Nullable LocalTime time(ResultSet rows, int column) throws SQLException, InvalidValue {
    String text = rows.getString(column);
    try {
      return text == null ? null : LocalTime.parse(text, CLOCK);
    } catch (DateTimeException e) {
      throw new InvalidValue(
          shown(text) + " is no time of a day; with the property times = text it is read as text",
          e);
    }
  }

  @Override
  public @Nullable LocalDateTime timestamp(ResultSet rows, int column)
      throws SQLException, InvalidValue {
    String text = rows.getString(column);
    if (text == null || isZero(text)) {
      return null;
    }
    if (text.length() < 19) {
      throw new InvalidValue("'" + shown(text) + "' is no date and time");
    }
    try {
      return day(text.substring(0, 10)).atTime(LocalTime.parse(text.substring(11), CLOCK));
    } catch (DateTimeException e) {
      throw new InvalidValue("'" + shown(text) + "' is no date and time", e);
    }
  }

  /** The session's time zone is UTC. */
  @Override
  public @Nullable Instant instant(ResultSet rows, int column) throws SQLException, InvalidValue {
    LocalDateTime value = timestamp(rows, column);
    return value == null ? null : value.toInstant(ZoneOffset.UTC);
  }

  private static LocalDate day(String text) throws InvalidValue {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new InvalidValue("'" + shown(text) + "' is no date", e);
    }
  }

  private boolean isZero(String text) throws InvalidValue {
    boolean isZero =
        text.length() >= 10
            && (text.startsWith("0000") || text.startsWith("00", 5) || text.startsWith("00", 8));
    if (isZero && !zeroDates) {
      throw new InvalidValue(
          shown(text) + " is no day; with the property zeroDates = null it is read as NULL");
    }
    return isZero;
  }

  private static String shown(@Nullable String text) {
    return text == null || text.length() <= 40 ? String.valueOf(text) : text.substring(0, 40) + "…";
  }

  @Override
  public void bind(PreparedStatement statement, int index, RemoteColumn column, Object value)
      throws SQLException {
    switch (value) {
      case Boolean truth -> statement.setLong(index, truth ? 1 : 0);
      case Long number -> statement.setLong(index, number);
      case LocalDate day -> statement.setString(index, day.toString());
      case LocalTime time -> statement.setString(index, CLOCK.format(time));
      case LocalDateTime moment ->
          statement.setString(
              index, moment.toLocalDate() + " " + CLOCK.format(moment.toLocalTime()));
      case Instant instant ->
          bind(statement, index, column, LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
      default -> JdbcValues.super.bind(statement, index, column, value);
    }
  }
}
