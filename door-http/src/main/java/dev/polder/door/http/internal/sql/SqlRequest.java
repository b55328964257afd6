package dev.polder.door.http.internal.sql;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/sql}. Immutable.
 *
 * @param timeout a limit shorter than the server's
 */
record SqlRequest(String sql, List<@Nullable Object> parameters, Optional<Duration> timeout) {
  private static final String KNOWN = "parameters, sql, timeoutMs";

  static SqlRequest parse(byte[] body) {
    try (JsonParser in = Json.parser(body)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw Fields.bad("the body must be one JSON object with a field 'sql'");
      }
      @Nullable String sql = null;
      List<@Nullable Object> parameters = List.of();
      Optional<Duration> timeout = Optional.empty();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        switch (name) {
          case "sql" -> sql = sql(in, value);
          case "parameters" -> parameters = parameters(in, value);
          case "timeoutMs" -> timeout = timeout(in, value);
          default ->
              throw Fields.bad(
                  "unknown field '" + Fields.shortened(name) + "'; known are " + KNOWN);
        }
      }
      Json.requireEnd(in);
      if (sql == null) {
        throw Fields.bad("'sql' is missing");
      }
      return new SqlRequest(sql, parameters, timeout);
    } catch (IOException e) {
      throw Json.broken(e);
    }
  }

  private static String sql(JsonParser in, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_STRING) {
      throw Fields.bad("'sql' must be a string");
    }
    return Json.wellFormed("'sql'", in.getText());
  }

  private static List<@Nullable Object> parameters(JsonParser in, JsonToken value)
      throws IOException {
    return switch (value) {
      case VALUE_NULL -> List.of();
      case START_ARRAY -> Parameters.read(in);
      default -> throw Fields.bad("'parameters' must be an array");
    };
  }

  private static Optional<Duration> timeout(JsonParser in, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    if (value != JsonToken.VALUE_NUMBER_INT || !in.getText().matches("[1-9][0-9]{0,11}")) {
      throw Fields.bad("'timeoutMs' must be a positive whole number of milliseconds");
    }
    return Optional.of(Duration.ofMillis(in.getLongValue()));
  }
}
