package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.sql.pushdown.BlockPlan;
import dev.polder.sql.pushdown.OutputColumn;
import dev.polder.sql.remote.RemoteQuery;
import java.util.List;

/**
 * What the source is asked, and the SELECT over its answer.
 *
 * @param select the local SELECT's tree, its list without the names that DuckDB makes up
 */
record LocalSelect(
    BlockPlan.Level level,
    RemoteQuery query,
    Answer answer,
    ObjectNode select,
    List<String> notes) {
  /** A SELECT of the answer alone. */
  static ObjectNode over(ArrayNode list) {
    ObjectNode select = JsonNodeFactory.instance.objectNode();
    select.put("type", "SELECT_NODE");
    select.putArray("modifiers");
    select.putObject("cte_map").putArray("map");
    select.set("select_list", list);
    ObjectNode from = select.putObject("from_table");
    from.put("type", "BASE_TABLE").put("alias", "").put("table_name", Answer.RELATION);
    from.putObject("qualified_name").putArray("path").add(Answer.RELATION);
    select.putArray("group_expressions");
    select.putArray("group_sets");
    select.put("aggregate_handling", "STANDARD_HANDLING");
    return select;
  }

  /** Puts a part in its place unless the original has none. */
  static void put(ObjectNode select, String field, JsonNode part) {
    if (part.isObject() || part.isArray()) {
      select.set(field, part);
    }
  }

  /** The JSON that DuckDB turns into SQL, each item under the name it is to have. */
  String json(List<OutputColumn> names) {
    JsonNode list = select.path("select_list");
    if (list.size() != names.size()) {
      throw new NotPushed("a list whose columns DuckDB finds");
    }
    for (int i = 0; i < names.size(); i++) {
      ((ObjectNode) list.get(i)).put("alias", names.get(i).name());
    }
    return document(select);
  }

  /** A SELECT as the JSON that DuckDB turns into SQL. */
  static String document(ObjectNode select) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("error", false);
    ObjectNode statement = document.putArray("statements").addObject();
    statement.set("node", select);
    statement.putArray("named_param_map");
    return document.toString();
  }
}
