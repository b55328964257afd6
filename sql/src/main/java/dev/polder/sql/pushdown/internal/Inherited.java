package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Conditions of the queries around a derived table, which hold for its rows that matter.
 *
 * @param outside from what names mean inside of the derived table to what they mean outside
 */
record Inherited(List<JsonNode> conditions, UnaryOperator<Names> outside) {
  Inherited {
    conditions = List.copyOf(conditions);
  }
}
