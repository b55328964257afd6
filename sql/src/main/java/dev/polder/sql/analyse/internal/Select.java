package dev.polder.sql.analyse.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What the walk gathers about one SELECT: its FROM items and the conditions on them. */
final class Select {
  /**
   * One item of the FROM clause.
   *
   * @param qualifier by which columns name it, lower-cased
   * @param table index of the table reference; −1 for anything else
   * @param filterable whether rows that fail a condition of WHERE can be left out beforehand
   */
  record Item(String qualifier, int table, boolean filterable) {}

  final List<Item> items = new ArrayList<>();
  final List<JsonNode> conditions = new ArrayList<>();
  boolean star;

  /** The only item with this qualifier. */
  int unique(String qualifier) {
    int found = -1;
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).qualifier().equals(qualifier)) {
        if (found >= 0) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }

  boolean has(String qualifier) {
    return items.stream().anyMatch(item -> item.qualifier().equals(qualifier));
  }
}
