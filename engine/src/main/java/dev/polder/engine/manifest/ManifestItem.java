package dev.polder.engine.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One object of a manifest, read by name and kind; what nobody asked for is refused. Knows its
 * place, for messages. For one thread.
 */
final class ManifestItem {
  private final String place;
  private final ObjectNode node;
  private final Set<String> known = new TreeSet<>();

  ManifestItem(String place, ObjectNode node) {
    this.place = place;
    this.node = node;
  }

  String place() {
    return place;
  }

  boolean has(String name) {
    known.add(name);
    return node.hasNonNull(name);
  }

  Optional<String> text(String name) {
    return value(name)
        .map(value -> {
          if (!value.isValueNode()) {
            throw invalid(name + " must be a text");
          }
          return value.asText();
        });
  }

  String required(String name) {
    return text(name).orElseThrow(() -> invalid(name + " is missing"));
  }

  Optional<Boolean> flag(String name) {
    return value(name)
        .map(value -> {
          if (!value.isBoolean()) {
            throw invalid(name + " must be true or false");
          }
          return value.booleanValue();
        });
  }

  Optional<Long> number(String name) {
    return value(name)
        .map(value -> {
          if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw invalid(name + " must be a whole number");
          }
          return value.longValue();
        });
  }

  /** One of an enumeration's constants, written in lower case with {@code -}. */
  <E extends Enum<E>> E word(String name, Class<E> type) {
    String word = required(name);
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(word.toLowerCase(Locale.ROOT))) {
        return constant;
      }
    }
    throw invalid(name + " has an unknown value");
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Texts, each once; empty: not given. */
  Optional<Set<String>> texts(String name) {
    return elements(name)
        .map(all -> {
          Set<String> texts = new LinkedHashSet<>();
          for (JsonNode element : all) {
            if (!element.isValueNode() || element.isNull()) {
              throw invalid(name + " must be a list of texts");
            }
            texts.add(element.asText());
          }
          return texts;
        });
  }

  /** A map of texts; empty: not given. */
  Optional<Map<String, String>> map(String name) {
    return value(name)
        .map(value -> {
          if (!value.isObject()) {
            throw invalid(name + " must be a map");
          }
          Map<String, String> map = new LinkedHashMap<>();
          value
              .properties()
              .forEach(entry -> {
                if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
                  throw invalid(name + "." + entry.getKey() + " must be a text");
                }
                map.put(entry.getKey(), entry.getValue().asText());
              });
          return map;
        });
  }

  Optional<ManifestItem> object(String name) {
    return value(name).map(value -> child(name, value));
  }

  /**
   * Objects of a list; empty: not given.
   *
   * @param key the field that tells them apart, for messages
   */
  Optional<List<ManifestItem>> items(String name, String key) {
    return elements(name)
        .map(all -> {
          List<ManifestItem> items = new ArrayList<>();
          for (JsonNode element : all) {
            items.add(child(name + "/" + element.path(key).asText("?"), element));
          }
          return items;
        });
  }

  private Optional<List<JsonNode>> elements(String name) {
    return value(name)
        .map(value -> {
          if (!value.isArray()) {
            throw invalid(name + " must be a list");
          }
          List<JsonNode> all = new ArrayList<>();
          value.forEach(all::add);
          return all;
        });
  }

  private ManifestItem child(String name, JsonNode value) {
    if (!(value instanceof ObjectNode object)) {
      throw invalid(name + " must be an object");
    }
    return new ManifestItem(place.isEmpty() ? name : place + "/" + name, object);
  }

  private Optional<JsonNode> value(String name) {
    known.add(name);
    return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
  }

  /** To be called when every field has been asked for. */
  void requireNoOthers() {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey())) {
        throw invalid("unknown field; known are " + String.join(", ", known));
      }
    }
  }

  PolderException invalid(String why) {
    return new PolderException(
        ErrorCode.INVALID_MANIFEST, place.isEmpty() ? why : place + ": " + why);
  }

  /** Runs what this item asks for; a refusal names the item. */
  void apply(Runnable work) {
    try {
      work.run();
    } catch (PolderException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(place)
          ? e
          : new PolderException(e.code(), place + ": " + message, e);
    }
  }

  /** Refuses two items of one name. */
  static <K> Map<K, ManifestItem> byName(
      Collection<ManifestItem> items, Function<ManifestItem, K> name) {
    Map<K, ManifestItem> byName = new LinkedHashMap<>();
    for (ManifestItem item : items) {
      if (byName.put(name.apply(item), item) != null) {
        throw item.invalid("is there twice");
      }
    }
    return byName;
  }
}
