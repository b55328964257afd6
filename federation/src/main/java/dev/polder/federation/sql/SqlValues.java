package dev.polder.federation.sql;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteTable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoEra;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/**
 * Names, types and constants of a dialect of SQL. What is here is standard SQL; a dialect overrides
 * what it spells differently. Implementations are stateless and thread-safe.
 */
public abstract class SqlValues {
  /** A name, quoted so that it is taken as it is. */
  public String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A table as FROM names it. */
  public String table(RemoteTable table) {
    return identifier(table.schema()) + '.' + identifier(table.name());
  }

  /** A text constant. */
  public String text(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }

  /** The source's type that holds the values of DuckDB's type, as CAST names it. */
  public abstract String sourceType(String duckType);

  /** A value as another type of the source. */
  protected String cast(String value, String sourceType) {
    return "CAST(" + value + " AS " + sourceType + ')';
  }

  /**
   * A constant of its type: never a bare number, which ORDER BY and GROUP BY take for a position.
   */
  public String literal(RemoteExpression.Literal literal) {
    Object value = literal.value();
    String type = sourceType(literal.type());
    return switch (value) {
      case null -> cast("NULL", type);
      case Boolean truth -> truth ? "TRUE" : "FALSE";
      case Long number -> cast(number.toString(), type);
      case BigInteger number -> cast(number.toString(), type);
      case BigDecimal number -> cast(number.toPlainString(), type);
      case Double number -> floating(number, type);
      case String text -> literal.type().equals("VARCHAR") ? text(text) : cast(text(text), type);
      case LocalDate date -> "DATE " + text(day(date));
      case LocalTime time -> "TIME " + text(clock(time));
      case LocalDateTime moment -> "TIMESTAMP " + text(moment(moment, ""));
      case Instant instant -> instant(instant);
      case UUID uuid -> cast(text(uuid.toString()), type);
      case byte[] bytes -> binary(bytes);
      default ->
          throw new IllegalArgumentException("no constant of " + value.getClass().getSimpleName());
    };
  }

  /** A floating point constant; may be NaN or infinite. */
  protected String floating(double value, String sourceType) {
    return cast(text(spelled(value)), sourceType);
  }

  protected String instant(Instant instant) {
    return "TIMESTAMP WITH TIME ZONE "
        + text(moment(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), "+00:00"));
  }

  protected String binary(byte[] bytes) {
    return "X'" + HexFormat.of().formatHex(bytes) + '\'';
  }

  /** {@code NaN}, {@code Infinity}, {@code -Infinity} or the shortest digits. */
  protected static String spelled(double value) {
    return Double.toString(value);
  }

  /** {@code yyyy-mm-dd hh:mm:ss.ffffff}; the era comes last where it is needed. */
  protected String moment(LocalDateTime moment, String offset) {
    LocalDate date = moment.toLocalDate();
    return year(date) + ' ' + clock(moment.toLocalTime()) + offset + era(date);
  }

  protected String day(LocalDate date) {
    return year(date) + era(date);
  }

  private static String year(LocalDate date) {
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d",
        date.get(ChronoField.YEAR_OF_ERA),
        date.getMonthValue(),
        date.getDayOfMonth());
  }

  private static String era(LocalDate date) {
    return date.getEra() == IsoEra.BCE ? " BC" : "";
  }

  private static String clock(LocalTime time) {
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d.%06d",
        time.getHour(),
        time.getMinute(),
        time.getSecond(),
        time.getNano() / 1_000);
  }
}
