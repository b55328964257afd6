package dev.polder.door.http.internal.sql;

import dev.polder.door.http.internal.Ids;
import dev.polder.http.Fields;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The value of a parameter that names its type. Texts are as the door's results show them. */
final class TypedParameter {
  private static final int MAX_DIGITS = 80;

  private TypedParameter() {}

  static @Nullable Object of(String typeName, @Nullable Object value, String where) {
    String type = typeName.strip().toUpperCase(Locale.ROOT);
    if (type.endsWith("[]")) {
      return list(type.substring(0, type.length() - 2), value, where);
    }
    return switch (value) {
      case null -> null;
      case Boolean b when type.equals("BOOLEAN") -> b;
      case String text -> scalar(type, text, where);
      default -> throw mismatch(type, where, null);
    };
  }

  private static @Nullable Object list(String element, @Nullable Object value, String where) {
    return switch (value) {
      case null -> null;
      case List<?> elements -> {
        List<@Nullable Object> values = new ArrayList<>(elements.size());
        for (Object each : elements) {
          values.add(of(element, each, "an element of " + where));
        }
        yield values;
      }
      default -> throw mismatch(element + "[]", where, null);
    };
  }

  private static Object scalar(String type, String text, String where) {
    try {
      return switch (type.replaceFirst("\\s*\\(.*", "")) {
        case "BOOLEAN" -> bool(text);
        case "TINYINT" -> Byte.parseByte(text);
        case "SMALLINT" -> Short.parseShort(text);
        case "INTEGER", "INT" -> Integer.parseInt(text);
        case "BIGINT" -> Long.parseLong(text);
        case "HUGEINT", "UHUGEINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT" ->
            new BigInteger(bounded(text));
        case "FLOAT", "REAL" -> Float.parseFloat(floating(text));
        case "DOUBLE" -> Double.parseDouble(floating(text));
        case "DECIMAL", "NUMERIC" -> decimal(text);
        case "VARCHAR", "TEXT", "JSON" -> text;
        case "BLOB" -> Base64.getDecoder().decode(text);
        case "UUID" ->
            Ids.parse(text).orElseThrow(() -> new IllegalArgumentException("not a UUID"));
        case "DATE" -> LocalDate.parse(text);
        case "TIME" -> LocalTime.parse(text);
        case "TIMESTAMP" -> LocalDateTime.parse(text.replace(' ', 'T'));
        case "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE" ->
            OffsetDateTime.parse(text.replace(' ', 'T'));
        default ->
            throw Fields.bad(
                "the type '" + Fields.shortened(type) + "' of " + where + " is unknown here");
      };
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw mismatch(type, where, e);
    }
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("not a boolean");
    };
  }

  private static BigDecimal decimal(String text) {
    BigDecimal value = new BigDecimal(bounded(text));
    if (Math.abs((long) value.scale()) > MAX_DIGITS) {
      throw new ArithmeticException("out of range");
    }
    return value.scale() < 0 ? value.setScale(0) : value;
  }

  private static String floating(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "infinity", "+infinity", "inf" -> "Infinity";
      case "-infinity", "-inf" -> "-Infinity";
      case "nan" -> "NaN";
      default -> text;
    };
  }

  private static String bounded(String text) {
    if (text.length() > MAX_DIGITS) {
      throw new ArithmeticException("out of range");
    }
    return text;
  }

  private static PolderException mismatch(String type, String where, @Nullable Exception cause) {
    return new PolderException(
        ErrorCode.CONVERSION_ERROR,
        "the value of " + where + " is no " + Fields.shortened(type),
        cause);
  }
}
