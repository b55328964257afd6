package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.iceberg.exceptions.UnprocessableEntityException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.rest.RESTRequest;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.RESTSerializers;

/** Iceberg's own JSON of requests and responses, on a parser with our limits. */
final class IcebergJson {
  private static final ObjectMapper MAPPER = mapper();

  private IcebergJson() {}

  private static ObjectMapper mapper() {
    ObjectMapper mapper = Json.MAPPER.copy();
    mapper.setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);
    mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    mapper.setPropertyNamingStrategy(PropertyNamingStrategies.KebabCaseStrategy.INSTANCE);
    RESTSerializers.registerAll(mapper);
    return mapper;
  }

  static <T> T read(byte[] body, Class<T> type) {
    if (body.length == 0) {
      throw new PolderException(ErrorCode.BAD_REQUEST, "the body is missing");
    }
    try (JsonParser parser = Json.parser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new PolderException(ErrorCode.BAD_REQUEST, "the body must be one JSON object");
      }
      T read = MAPPER.readValue(parser, type);
      Json.requireEnd(parser);
      if (read instanceof RESTRequest request) {
        request.validate();
      }
      return read;
    } catch (UnprocessableEntityException e) {
      throw new PolderException(ErrorCode.UNPROCESSABLE_REQUEST, String.valueOf(e.getMessage()), e);
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof StreamConstraintsException deep) {
        throw Json.broken(deep);
      }
      throw new PolderException(
          ErrorCode.BAD_REQUEST, "the body is not as the operation wants it: " + reason(e), e);
    } catch (IOException e) {
      throw Json.broken(e);
    } catch (IllegalArgumentException
        | NullPointerException
        | ValidationException
        | UnsupportedOperationException e) {
      // How Iceberg's parsers say that a field is missing or of another kind.
      throw new PolderException(
          ErrorCode.BAD_REQUEST, "the body is not as the operation wants it: " + e.getMessage(), e);
    }
  }

  /** Properties as they may be kept: Iceberg's parsers let a null through. */
  static Map<String, String> properties(Map<String, String> properties) {
    Map<String, String> given = new HashMap<>();
    properties.forEach((key, value) -> {
      if (value == null) {
        throw Fields.bad(
            "property '"
                + Fields.shortened(key)
                + "' has no value; leave out or remove what is to"
                + " have none");
      }
      String name = Json.wellFormed("the name of a property", key);
      given.put(name, Json.wellFormed("property '" + Fields.shortened(name) + "'", value));
    });
    return given;
  }

  private static String reason(JsonMappingException e) {
    Throwable cause = e.getCause();
    if (cause != null) {
      return String.valueOf(cause.getMessage());
    }
    String place =
        e.getPath().stream()
            .map(JsonMappingException.Reference::getFieldName)
            .filter(Objects::nonNull)
            .collect(Collectors.joining("."));
    return "'" + Fields.shortened(place) + "' is of another kind";
  }

  static byte[] write(RESTResponse response) {
    try {
      return MAPPER.writeValueAsBytes(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
