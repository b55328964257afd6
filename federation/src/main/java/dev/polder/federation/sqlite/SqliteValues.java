package dev.polder.federation.sqlite;

import dev.polder.federation.jdbc.JdbcValues;
import dev.polder.sql.remote.RemoteColumn;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's values, each of which has a type of its own. The driver would make zero of any text, so
 * values are taken as they are and refused when they are something else. Stateless.
 */
final class SqliteValues implements JdbcValues {
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
  private static final DateTimeFormatter CLOCK =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm")
          .optionalStart()
          .appendPattern(":ss")
          .optionalStart()
          .appendFraction(ChronoField.MICRO_OF_SECOND, 1, 6, true)
          .toFormatter();
  private static final DateTimeFormatter STORED =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
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
    return switch (rows.getObject(column)) {
      case null -> null;
      case Integer value -> value.longValue();
      case Long value -> value;
      case Object other -> throw other(other);
    };
  }

  @Override
  public @Nullable Double floating(ResultSet rows, int column) throws SQLException, InvalidValue {
    return switch (rows.getObject(column)) {
      case null -> null;
      case Double value -> value;
      case Integer value -> value.doubleValue();
      case Long value -> {
        if ((long) value.doubleValue() != value || value == Long.MAX_VALUE) {
          throw new InvalidValue(value + " has more digits than a DOUBLE");
        }
        yield value.doubleValue();
      }
      case Object other -> throw other(other);
    };
  }

  @Override
  public @Nullable String text(ResultSet rows, int column) throws SQLException, InvalidValue {
    return switch (rows.getObject(column)) {
      case null -> null;
      case byte[] bytes -> throw other(bytes);
      case Object value -> value.toString();
    };
  }

  @Override
  public byte @Nullable [] bytes(ResultSet rows, int column) throws SQLException, InvalidValue {
    return switch (rows.getObject(column)) {
      case null -> null;
      case byte[] bytes -> bytes;
      case Object other -> throw other(other);
    };
  }

  @Override
  public @Nullable LocalDate date(ResultSet rows, int column) throws SQLException, InvalidValue {
    String text = written(rows, column);
    try {
      return text == null ? null : day(text);
    } catch (DateTimeException e) {
      throw new InvalidValue("'" + shown(text) + "' is not written yyyy-mm-dd", e);
    }
  }

  @Override
  public @Nullable LocalTime time(ResultSet rows, int column) throws SQLException, InvalidValue {
    String text = written(rows, column);
    try {
      return text == null ? null : LocalTime.parse(text, CLOCK);
    } catch (DateTimeException e) {
      throw new InvalidValue("'" + shown(text) + "' is not written hh:mm:ss", e);
    }
  }

  @Override
  public @Nullable LocalDateTime timestamp(ResultSet rows, int column)
      throws SQLException, InvalidValue {
    String text = written(rows, column);
    try {
      if (text == null) {
        return null;
      }
      if (text.length() == 10) {
        return day(text).atStartOfDay();
      }
      if (text.length() < 12 || (text.charAt(10) != ' ' && text.charAt(10) != 'T')) {
        throw new DateTimeException(text);
      }
      return day(text.substring(0, 10)).atTime(LocalTime.parse(text.substring(11), CLOCK));
    } catch (DateTimeException e) {
      throw new InvalidValue("'" + shown(text) + "' is not written yyyy-mm-dd hh:mm:ss", e);
    }
  }

  private static LocalDate day(String text) {
    if (!DAY.matcher(text).matches()) {
      throw new DateTimeException(text);
    }
    return LocalDate.parse(text);
  }

  private static @Nullable String written(ResultSet rows, int column)
      throws SQLException, InvalidValue {
    return switch (rows.getObject(column)) {
      case null -> null;
      case String text -> text;
      case Object other -> throw other(other);
    };
  }

  private static InvalidValue other(Object value) {
    return new InvalidValue(
        switch (value) {
              case byte[] bytes -> "a BLOB of " + bytes.length + " bytes";
              case String text -> "the text '" + shown(text) + "'";
              default -> value.toString();
            }
            + "; with the property types = text it is read as text");
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
      case LocalDate date -> statement.setString(index, date.toString());
      case LocalTime time -> statement.setString(index, STORED.format(time));
      case LocalDateTime moment ->
          statement.setString(
              index, moment.toLocalDate() + " " + STORED.format(moment.toLocalTime()));
      default -> JdbcValues.super.bind(statement, index, column, value);
    }
  }
}
