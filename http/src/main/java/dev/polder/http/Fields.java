package dev.polder.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A body's fields, each asked for by name and kind; what nobody asked for is refused. */
public final class Fields {
  private final ObjectNode object;
  private final Set<String> known = new HashSet<>();

  public Fields(ObjectNode object) {
    this.object = object;
  }

  public String string(String name) {
    return optionalString(name).orElseThrow(() -> missing(name));
  }

  /** A field with two accepted names, of which one must be given. */
  public String string(String name, String alias) {
    Optional<String> value = optionalString(name);
    Optional<String> other = optionalString(alias);
    if (value.isPresent() && other.isPresent()) {
      throw bad("give '" + name + "' or '" + alias + "', not both");
    }
    return value.or(() -> other).orElseThrow(() -> missing(name));
  }

  public Optional<String> optionalString(String name) {
    JsonNode node = take(name);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      throw bad("'" + name + "' must be a string");
    }
    return Optional.of(Json.wellFormed("'" + name + "'", node.textValue()));
  }

  /** A whole number, zero or more. */
  public Optional<Long> optionalNumber(String name) {
    JsonNode node = take(name);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw bad("'" + name + "' must be a whole number, zero or more");
    }
    return Optional.of(node.longValue());
  }

  public Optional<Boolean> flag(String name) {
    JsonNode node = take(name);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isBoolean()) {
      throw bad("'" + name + "' must be true or false");
    }
    return Optional.of(node.booleanValue());
  }

  /** A string or an array of strings; empty when absent. */
  public List<String> strings(String name) {
    JsonNode node = take(name);
    if (node == null) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    for (JsonNode element : node.isArray() ? node : List.of(node)) {
      if (!element.isTextual()) {
        throw bad("'" + name + "' must be a string or an array of strings");
      }
      values.add(Json.wellFormed("'" + name + "'", element.textValue()));
    }
    return values;
  }

  /** An object within the body. */
  public Optional<Fields> optionalObject(String name) {
    JsonNode node = take(name);
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof ObjectNode inner)) {
      throw bad("'" + name + "' must be an object");
    }
    return Optional.of(new Fields(inner));
  }

  public Fields object(String name) {
    return optionalObject(name).orElseThrow(() -> missing(name));
  }

  /** An object of strings; empty when absent. */
  public Optional<Map<String, String>> texts(String name) {
    return optionalObject(name)
        .map(inner -> {
          Map<String, String> texts = new HashMap<>();
          inner
              .object
              .fieldNames()
              .forEachRemaining(key ->
                  texts.put(Json.wellFormed("a name in '" + name + "'", key), inner.string(key)));
          return texts;
        });
  }

  /** Fields that are allowed and mean nothing in a request. */
  public Fields ignore(String... names) {
    known.addAll(List.of(names));
    return this;
  }

  /** To be called when every field has been asked for. */
  public void requireNoOthers() {
    Set<String> unknown = new TreeSet<>();
    object.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw bad(
          "unknown field '"
              + shortened(unknown.iterator().next())
              + "'; known are "
              + String.join(", ", new TreeSet<>(known)));
    }
  }

  /** The refusal of a request whose shape is wrong. */
  public static PolderException bad(String message) {
    return new PolderException(ErrorCode.BAD_REQUEST, message);
  }

  public static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private static PolderException missing(String name) {
    return bad("'" + name + "' is missing");
  }

  private @Nullable JsonNode take(String name) {
    known.add(name);
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }
}
