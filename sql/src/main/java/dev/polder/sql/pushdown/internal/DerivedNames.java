package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import java.util.List;

/**
 * The names that surely mean outputs of one derived table of a SELECT.
 *
 * @param query the derived table's own SELECT
 * @param inside what names mean there
 */
record DerivedNames(ScanSelect select, ScanItem item, JsonNode query, Names inside, Folding folding)
    implements Names {
  @Override
  public RemoteExpression column(List<String> parts) {
    String name = parts.getLast();
    String written = String.join(".", parts);
    boolean mine =
        switch (parts.size()) {
          case 1 -> select.items.size() == 1;
          case 2 -> qualified(Trees.lower(parts.getFirst()));
          default -> false;
        };
    if (!mine) {
      throw new NotPushed("the name " + written);
    }
    List<JsonNode> list = Trees.list(query.path("select_list"));
    if (list.size() == 1 && Trees.isClass(list.getFirst(), "STAR")) {
      return inside.column(List.of(name));
    }
    List<JsonNode> found =
        list.stream().filter(entry -> name(entry).equalsIgnoreCase(name)).toList();
    if (found.size() != 1) {
      throw new NotPushed("the name " + written);
    }
    return new Translator(folding, inside).expression(found.getFirst());
  }

  private boolean qualified(String qualifier) {
    return item.qualifier.equals(qualifier)
        && select.items.stream().filter(i -> i.qualifier.equals(qualifier)).count() == 1;
  }

  private static String name(JsonNode entry) {
    String alias = Trees.text(entry, "alias");
    return alias.isEmpty() && Trees.isClass(entry, "COLUMN_REF")
        ? Trees.strings(entry.path("column_names")).getLast()
        : alias;
  }
}
