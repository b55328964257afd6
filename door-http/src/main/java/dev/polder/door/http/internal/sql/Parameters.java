package dev.polder.door.http.internal.sql;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statement parameters as JSON. Numbers become what the same literal is in SQL: whole ones BIGINT
 * or HUGEINT, ones with a point DECIMAL, ones with an exponent DOUBLE. An object {@code
 * {"type":"DATE","value":"2024-02-29"}} names its type.
 */
final class Parameters {
  private static final int MAX_PARAMETERS = 65_535;
  private static final int MAX_DECIMAL_DIGITS = 38;
  private static final int MAX_WHOLE_DIGITS = 39;

  private Parameters() {}

  /** Reads up to the end of the array whose start was read last. */
  static List<@Nullable Object> read(JsonParser in) throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      if (values.size() == MAX_PARAMETERS) {
        throw Fields.bad("more than " + MAX_PARAMETERS + " parameters");
      }
      values.add(value(in, token, "parameter " + (values.size() + 1)));
    }
    return values;
  }

  private static @Nullable Object value(JsonParser in, @Nullable JsonToken token, String where)
      throws IOException {
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> Json.wellFormed(where, in.getText());
      case VALUE_NUMBER_INT -> whole(in.getText(), where);
      case VALUE_NUMBER_FLOAT -> fractional(in.getText(), where);
      case START_ARRAY -> list(in, where);
      case START_OBJECT -> typed(in, where);
      case null, default -> throw Fields.bad(where + " is not a JSON value");
    };
  }

  private static Object whole(String text, String where) {
    if (text.length() > MAX_WHOLE_DIGITS + 1) {
      throw outOfRange(where);
    }
    BigInteger value = new BigInteger(text);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private static Object fractional(String text, String where) {
    if (text.indexOf('e') < 0 && text.indexOf('E') < 0) {
      BigDecimal value = new BigDecimal(text);
      if (value.precision() <= MAX_DECIMAL_DIGITS && value.scale() <= MAX_DECIMAL_DIGITS) {
        return value;
      }
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw outOfRange(where);
    }
    return value;
  }

  private static List<@Nullable Object> list(JsonParser in, String where) throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      values.add(value(in, token, "an element of " + where));
    }
    return values;
  }

  private static @Nullable Object typed(JsonParser in, String where) throws IOException {
    @Nullable String type = null;
    @Nullable Object value = null;
    boolean given = false;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      JsonToken token = in.nextToken();
      switch (name) {
        case "type" -> {
          if (token != JsonToken.VALUE_STRING) {
            throw Fields.bad("the 'type' of " + where + " must be a string");
          }
          type = in.getText();
        }
        case "value" -> {
          value = plain(in, token, where);
          given = true;
        }
        default ->
            throw Fields.bad(
                "unknown field '"
                    + Fields.shortened(name)
                    + "' in "
                    + where
                    + ": an object must be {\"type\":…,\"value\":…}");
      }
    }
    if (type == null || !given) {
      throw Fields.bad(where + ": an object must be {\"type\":…,\"value\":…}");
    }
    return TypedParameter.of(type, value, where);
  }

  /** The value of a typed parameter: numbers keep their text, for the type to read. */
  private static @Nullable Object plain(JsonParser in, @Nullable JsonToken token, String where)
      throws IOException {
    return switch (token) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getText();
      case START_ARRAY -> {
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonToken t = in.nextToken(); t != JsonToken.END_ARRAY; t = in.nextToken()) {
          values.add(plain(in, t, where));
        }
        yield values;
      }
      case null, default -> value(in, token, where);
    };
  }

  private static PolderException outOfRange(String where) {
    return new PolderException(
        ErrorCode.OUT_OF_RANGE, where + " is a number too large for every type");
  }
}
