package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Expands {@code *}. Stateless. */
final class Stars {
  private Stars() {}

  /** The columns that a star without REPLACE, RENAME or a pattern gives. */
  static List<BlockScope.Named> expand(JsonNode star, BlockScope scope) {
    boolean special =
        star.path("columns").asBoolean()
            || star.path("expr").isObject()
            || !star.path("replace_list").isEmpty()
            || !star.path("rename_list").isEmpty()
            || !star.path("qualified_exclude_list").isEmpty();
    if (special || !Trees.text(star, "alias").isEmpty()) {
      throw new NotPushed("a special star");
    }
    Set<String> excluded =
        Trees.strings(star.path("exclude_list")).stream()
            .map(Trees::lower)
            .collect(Collectors.toSet());
    List<BlockScope.Named> columns =
        scope.star(Trees.text(star, "relation_name")).stream()
            .filter(column -> !excluded.contains(Trees.lower(column.name())))
            .toList();
    if (columns.isEmpty() || columns.stream().anyMatch(column -> column.name().isEmpty())) {
      throw new NotPushed("a star over columns without names");
    }
    return columns;
  }
}
