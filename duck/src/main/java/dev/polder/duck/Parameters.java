package dev.polder.duck;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Binds Java values to the parameters of a statement, each with its own DuckDB type. */
final class Parameters {
  private Parameters() {}

  static void bind(
      DuckDBConnection connection,
      PreparedStatement statement,
      List<? extends @Nullable Object> values)
      throws SQLException {
    int wanted = statement.getParameterMetaData().getParameterCount();
    if (wanted != values.size()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the statement has "
              + wanted
              + " parameters, but "
              + values.size()
              + " values were given");
    }
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value == null) {
        statement.setNull(i + 1, Types.NULL);
      } else if (value instanceof List<?> list) {
        statement.setArray(i + 1, connection.createArrayOf(elementType(list), elements(list)));
      } else {
        statement.setObject(i + 1, bound(value));
      }
    }
  }

  private static @Nullable Object[] elements(List<?> list) {
    @Nullable Object[] elements = new Object[list.size()];
    for (int i = 0; i < elements.length; i++) {
      Object value = list.get(i);
      elements[i] = value == null ? null : bound(value);
    }
    return elements;
  }

  private static Object bound(Object value) {
    return switch (value) {
      case Instant instant -> instant.atOffset(ZoneOffset.UTC);
      case Boolean b -> b;
      case Byte b -> b;
      case Short s -> s;
      case Integer n -> n;
      case Long n -> n;
      case BigInteger n -> n;
      case Float f -> f;
      case Double d -> d;
      case BigDecimal d -> d;
      case String s -> wellFormed(s);
      case byte[] b -> b;
      case LocalDate d -> d;
      case LocalTime t -> t;
      case LocalDateTime t -> t;
      case OffsetDateTime t -> t;
      case UUID u -> u;
      default ->
          throw new PolderException(
              ErrorCode.INVALID_PARAMETER,
              "a parameter of type " + value.getClass().getSimpleName() + " cannot be bound");
    };
  }

  /** Half of a surrogate pair has no UTF-8: the driver would write a question mark for it. */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new PolderException(
              ErrorCode.INVALID_TEXT, "a parameter contains half of a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }

  private static String elementType(List<?> list) {
    Object first = "";
    for (Object element : list) {
      if (element != null) {
        first = element;
        break;
      }
    }
    return switch (first) {
      case Boolean _ -> "BOOLEAN";
      case Byte _ -> "TINYINT";
      case Short _ -> "SMALLINT";
      case Integer _ -> "INTEGER";
      case Long _ -> "BIGINT";
      case BigInteger _ -> "HUGEINT";
      case Float _ -> "FLOAT";
      case Double _ -> "DOUBLE";
      case BigDecimal d -> "DECIMAL(38," + Math.max(0, Math.min(38, d.scale())) + ")";
      case byte[] _ -> "BLOB";
      case LocalDate _ -> "DATE";
      case LocalTime _ -> "TIME";
      case LocalDateTime _ -> "TIMESTAMP";
      case OffsetDateTime _ -> "TIMESTAMP WITH TIME ZONE";
      case Instant _ -> "TIMESTAMP WITH TIME ZONE";
      case UUID _ -> "UUID";
      default -> "VARCHAR";
    };
  }
}
