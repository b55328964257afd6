package dev.polder.metastore.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/** Properties as JSON text, keys in order. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, String>> PROPERTIES = new TypeReference<>() {};

  private Json() {}

  public static String write(Map<String, String> properties) {
    if (properties.isEmpty()) {
      return "{}";
    }
    try {
      return MAPPER.writeValueAsString(new TreeMap<>(properties));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("properties that cannot be written as JSON", e);
    }
  }

  public static Map<String, String> read(String json) {
    if (json.equals("{}")) {
      return Map.of();
    }
    try {
      return Map.copyOf(MAPPER.readValue(json, PROPERTIES));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored properties are no JSON object of texts", e);
    }
  }
}
