package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Makes the queries that find keys. Stateless. */
final class KeyQuery {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private KeyQuery() {}

  /**
   * The JSON of {@code SELECT DISTINCT key FROM item WHERE …}.
   *
   * @param tables the WITH in whose sight the item stands
   */
  static String of(JsonNode key, JsonNode item, List<JsonNode> conditions, JsonNode tables) {
    ObjectNode select = LocalSelect.over(NODES.arrayNode().add(key));
    select.set("from_table", item);
    ObjectNode distinct = NODES.objectNode().put("type", "DISTINCT_MODIFIER");
    distinct.putArray("distinct_on_targets");
    ((ArrayNode) select.path("modifiers")).add(distinct);
    LocalSelect.put(select, "cte_map", tables);
    if (conditions.size() == 1) {
      select.set("where_clause", conditions.getFirst());
    } else if (!conditions.isEmpty()) {
      ObjectNode all = NODES.objectNode();
      all.put("class", "CONJUNCTION").put("type", "CONJUNCTION_AND").put("alias", "");
      all.putArray("children").addAll(conditions);
      select.set("where_clause", all);
    }
    return LocalSelect.document(select);
  }

  /** The JSON of the distinct values of a query of one column. */
  static String of(JsonNode query, JsonNode tables) {
    ObjectNode item = NODES.objectNode();
    item.put("type", "SUBQUERY").put("alias", "polder_keys");
    ObjectNode subquery = item.putObject("subquery");
    subquery.set("node", query);
    subquery.putArray("named_param_map");
    item.putArray("column_name_alias").add("polder_key");
    return of(reference("polder_keys", "polder_key"), item, List.of(), tables);
  }

  static ObjectNode reference(String qualifier, String column) {
    ObjectNode node = NODES.objectNode();
    node.put("class", "COLUMN_REF").put("type", "COLUMN_REF").put("alias", "");
    node.putArray("column_names").add(qualifier).add(column);
    return node;
  }
}
