package dev.polder.federation.jdbc;

import dev.polder.sql.remote.RemoteColumn;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * How a driver gives values and takes them. What is here is JDBC's own way; a kind of system
 * overrides what its driver does differently. A value that is not of the wanted type is an {@link
 * InvalidValue}, never another value. Implementations are stateless and thread-safe.
 */
public interface JdbcValues {
  /** A value that does not fit; its message says why, and goes to the user. */
  final class InvalidValue extends Exception {
    private final String why;

    public InvalidValue(String why) {
      super(why);
      this.why = why;
    }

    public InvalidValue(String why, Exception cause) {
      super(why, cause);
      this.why = why;
    }

    String why() {
      return why;
    }
  }

  default @Nullable Boolean truth(ResultSet rows, int column) throws SQLException, InvalidValue {
    boolean value = rows.getBoolean(column);
    return rows.wasNull() ? null : value;
  }

  /** An integer of at most 64 bits. */
  default @Nullable Long integer(ResultSet rows, int column) throws SQLException, InvalidValue {
    long value = rows.getLong(column);
    return rows.wasNull() ? null : value;
  }

  default @Nullable Double floating(ResultSet rows, int column) throws SQLException, InvalidValue {
    double value = rows.getDouble(column);
    return rows.wasNull() ? null : value;
  }

  default @Nullable BigDecimal decimal(ResultSet rows, int column)
      throws SQLException, InvalidValue {
    return rows.getBigDecimal(column);
  }

  default @Nullable String text(ResultSet rows, int column) throws SQLException, InvalidValue {
    return rows.getString(column);
  }

  default byte @Nullable [] bytes(ResultSet rows, int column) throws SQLException, InvalidValue {
    return rows.getBytes(column);
  }

  default @Nullable LocalDate date(ResultSet rows, int column) throws SQLException, InvalidValue {
    return rows.getObject(column, LocalDate.class);
  }

  default @Nullable LocalTime time(ResultSet rows, int column) throws SQLException, InvalidValue {
    return rows.getObject(column, LocalTime.class);
  }

  default @Nullable LocalDateTime timestamp(ResultSet rows, int column)
      throws SQLException, InvalidValue {
    return rows.getObject(column, LocalDateTime.class);
  }

  default @Nullable Instant instant(ResultSet rows, int column) throws SQLException, InvalidValue {
    OffsetDateTime value = rows.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }

  /**
   * Gives a statement a parameter.
   *
   * @param value Boolean, Long, BigDecimal, Double, String, {@code byte[]}, LocalDate, LocalTime,
   *     LocalDateTime or Instant
   */
  default void bind(PreparedStatement statement, int index, RemoteColumn column, Object value)
      throws SQLException {
    switch (value) {
      case byte[] bytes -> statement.setBytes(index, bytes);
      case String text -> statement.setString(index, text);
      case Instant instant -> statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
      default -> statement.setObject(index, value);
    }
  }
}
