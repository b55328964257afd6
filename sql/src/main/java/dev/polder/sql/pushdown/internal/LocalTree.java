package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.remote.RemoteExpression;
import java.util.List;
import java.util.Optional;

/**
 * Rewrites what is left of a SELECT so that it reads the source's answer. Each reference to a
 * column becomes one to the answer, or is an alias of the list, or the rewriting is refused.
 */
final class LocalTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Block block;
  private final Answer answer;
  private final LocalUnits units;
  private final ParameterValues parameters;

  /** Whether each item of the list is made of one row alone by functions that are known. */
  private boolean rowByRow = true;

  LocalTree(Block block, Answer answer, LocalUnits units, ParameterValues parameters) {
    this.block = block;
    this.answer = answer;
    this.units = units;
    this.parameters = parameters;
  }

  boolean rowByRow() {
    return rowByRow;
  }

  /** The list with stars expanded; each item has its alias as its name still. */
  ArrayNode list() {
    ArrayNode list = NODES.arrayNode();
    for (JsonNode item : block.select().path("select_list")) {
      if (Trees.isClass(item, "STAR")) {
        for (BlockScope.Named column : Stars.expand(item, block.scope())) {
          list.add(reference(answer.column(units.column(column.value())), ""));
        }
      } else {
        list.add(rewrite(item, false));
      }
    }
    return list;
  }

  /**
   * A part of the SELECT.
   *
   * @param aliasesFirst whether a name means an alias of the list before it means a column
   */
  JsonNode rewrite(JsonNode node, boolean aliasesFirst) {
    if (node.isArray()) {
      ArrayNode result = NODES.arrayNode();
      node.forEach(child -> result.add(rewrite(child, aliasesFirst)));
      return result;
    }
    if (!node.isObject()) {
      return node;
    }
    String kind = Trees.text(node, "class");
    if (kind.equals("COLUMN_REF") && isAlias(node, aliasesFirst)) {
      return node;
    }
    var unit = units.of(node);
    if (unit.isPresent()) {
      return reference(answer.column(unit.get()), Trees.text(node, "alias"));
    }
    switch (kind) {
      case "COLUMN_REF" ->
          throw new NotPushed(
              "the name " + String.join(".", Trees.strings(node.path("column_names"))));
      case "PARAMETER" -> {
        return parameter(node);
      }
      case "STAR" -> {
        if (!aliasesFirst || !node.path("columns").asBoolean()) {
          throw new NotPushed("a star within an expression");
        }
        // ORDER BY ALL.
        return node;
      }
      case "SUBQUERY", "LAMBDA", "POSITIONAL_REFERENCE", "DEFAULT" ->
          throw new NotPushed("an expression " + kind + " above the source's answer");
      case "FUNCTION" -> function(node);
      case "WINDOW" -> rowByRow = false;
      default -> {
        // Nothing but its parts matters.
      }
    }
    // Within an expression a column comes first even in ORDER BY.
    boolean aliases = aliasesFirst && kind.isEmpty();
    ObjectNode result = NODES.objectNode();
    node.properties()
        .forEach(field -> result.set(field.getKey(), rewrite(field.getValue(), aliases)));
    return result;
  }

  private void function(JsonNode node) {
    if (!LocalFunctions.rowByRow(node)) {
      units.unknownFunction(Trees.text(node, "function_name"));
      rowByRow = false;
    }
  }

  /** The local query has no parameters: their numbers would change. */
  private ObjectNode parameter(JsonNode node) {
    Object value =
        parameters
            .value(Trees.text(node, "identifier"))
            .orElseThrow(() -> new NotPushed("a parameter without a value"));
    String kind =
        switch (value) {
          case String _ -> "STRING";
          case Boolean _ -> "BOOLEAN";
          case Byte _, Short _, Integer _, Long _ -> "INTEGER";
          default -> throw new NotPushed("a parameter of " + value.getClass().getSimpleName());
        };
    ObjectNode constant = NODES.objectNode();
    constant.put("class", "CONSTANT").put("type", "VALUE_CONSTANT");
    constant.put("alias", Trees.text(node, "alias"));
    constant.putObject("literal").put("kind", kind).put("text", value.toString());
    return constant;
  }

  private boolean isAlias(JsonNode column, boolean aliasesFirst) {
    List<String> names = Trees.strings(column.path("column_names"));
    if (names.size() != 1) {
      return false;
    }
    boolean alias =
        OutputNames.alias(block.select().path("select_list"), names.getFirst()).isPresent();
    return alias && (aliasesFirst || !isColumn(names));
  }

  private boolean isColumn(List<String> names) {
    try {
      block.scope().column(names);
      return true;
    } catch (NotPushed e) {
      return false;
    }
  }

  static ObjectNode reference(String column, String alias) {
    ObjectNode node = NODES.objectNode();
    node.put("class", "COLUMN_REF").put("type", "COLUMN_REF").put("alias", alias);
    node.putArray("column_names").add(Answer.RELATION).add(column);
    return node;
  }

  /** What of the tree the source answers as a value. */
  interface LocalUnits {
    /** The value of a node that the source answers; empty to look at its parts. */
    Optional<RemoteExpression> of(JsonNode node);

    /** A column that a star gives. */
    RemoteExpression column(RemoteExpression column);

    /** Refuses where a function that could be an aggregate cannot stand. */
    void unknownFunction(String name);
  }
}
