package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads DuckDB's syntax trees, whose null and empty fields may be absent. Stateless. */
public final class Trees {
  private Trees() {}

  public static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  public static boolean isClass(JsonNode node, String name) {
    return text(node, "class").equals(name);
  }

  public static boolean isType(JsonNode node, String name) {
    return text(node, "type").equals(name);
  }

  public static List<String> strings(JsonNode array) {
    List<String> result = new ArrayList<>();
    array.forEach(element -> result.add(element.asText()));
    return List.copyOf(result);
  }

  public static List<JsonNode> list(JsonNode array) {
    List<JsonNode> result = new ArrayList<>();
    array.forEach(result::add);
    return List.copyOf(result);
  }

  public static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The name of a function called plainly; empty for one in a schema or with anything unusual. */
  static String function(JsonNode node) {
    return node.path("qualified_name").path("path").size() == 1 && !node.path("filter").isObject()
        ? lower(text(node, "function_name"))
        : "";
  }

  /** A function's arguments; throws for named ones. */
  static List<JsonNode> arguments(JsonNode function) {
    List<JsonNode> result = new ArrayList<>();
    for (JsonNode argument : function.path("arguments")) {
      if (!text(argument, "name").isEmpty()) {
        throw new NotPushed("an argument by name");
      }
      result.add(argument.path("expression"));
    }
    return result;
  }

  /** The operands of nested ANDs. */
  public static List<JsonNode> conjuncts(JsonNode condition) {
    if (!condition.isObject()) {
      return List.of();
    }
    if (!isType(condition, "CONJUNCTION_AND")) {
      return List.of(condition);
    }
    List<JsonNode> result = new ArrayList<>();
    condition.path("children").forEach(child -> result.addAll(conjuncts(child)));
    return result;
  }
}
