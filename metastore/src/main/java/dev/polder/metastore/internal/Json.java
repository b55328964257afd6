package dev.polder.metastore.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Properties as JSON text, keys in order, and lists of texts. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, String>> PROPERTIES = new TypeReference<>() {};

  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

  private Json() {}

  public static String writeList(List<String> texts) {
    try {
      return MAPPER.writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts that cannot be written as JSON", e);
    }
  }

  public static List<String> readList(String json) {
    try {
      return List.copyOf(MAPPER.readValue(json, TEXTS));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what is stored is no JSON array of texts", e);
    }
  }

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
