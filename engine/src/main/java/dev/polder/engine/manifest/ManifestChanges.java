package dev.polder.engine.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What differs between two exports: places alone, no values, since some are hashes of passwords.
 * Stateless.
 */
final class ManifestChanges {
  private static final List<String> NAMES = List.of("name", "alias", "tenant");

  private ManifestChanges() {}

  /**
   * A difference.
   *
   * @param kind add, change or remove
   */
  record Change(String kind, String place) {}

  static List<Change> between(ObjectNode before, ObjectNode after) {
    List<Change> changes = new ArrayList<>();
    compare("", before, after, changes);
    return changes;
  }

  private static void compare(String place, JsonNode before, JsonNode after, List<Change> changes) {
    if (before.equals(after)) {
      return;
    }
    if (before instanceof ObjectNode was && after instanceof ObjectNode is) {
      each(place, fields(was), fields(is), changes);
    } else if (before instanceof ArrayNode was
        && after instanceof ArrayNode is
        && named(was)
        && named(is)) {
      each(place, elements(was), elements(is), changes);
    } else {
      changes.add(new Change("change", place));
    }
  }

  private static void each(
      String place,
      Map<String, JsonNode> before,
      Map<String, JsonNode> after,
      List<Change> changes) {
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      String at = place.isEmpty() ? name : place + "/" + name;
      JsonNode was = before.get(name);
      JsonNode is = after.get(name);
      if (was == null) {
        changes.add(new Change("add", at));
      } else if (is == null) {
        changes.add(new Change("remove", at));
      } else {
        compare(at, was, is, changes);
      }
    }
  }

  private static Map<String, JsonNode> fields(ObjectNode node) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  private static boolean named(ArrayNode array) {
    for (JsonNode element : array) {
      if (!element.isObject() || name(element).isEmpty()) {
        return false;
      }
    }
    return elements(array).size() == array.size();
  }

  private static Map<String, JsonNode> elements(ArrayNode array) {
    Map<String, JsonNode> elements = new LinkedHashMap<>();
    array.forEach(element -> elements.put(name(element), element));
    return elements;
  }

  /** Roles, groups and policies of several tenants or tables may have one name. */
  private static String name(JsonNode element) {
    for (String field : NAMES) {
      if (element.hasNonNull(field)) {
        String name = element.get(field).asText();
        String within =
            element.path("table").isMissingNode()
                ? element.path("tenant").asText("")
                : element.path("schema").asText("") + "." + element.path("table").asText();
        return within.isEmpty() || within.equals(name) ? name : name + "@" + within;
      }
    }
    return "";
  }
}
