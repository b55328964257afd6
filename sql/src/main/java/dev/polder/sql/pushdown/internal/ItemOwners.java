package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Which item of a FROM clause a column's name surely belongs to, though the columns of local items
 * are not known.
 *
 * @param outermost whether no other query stands around, whose columns a name could mean
 */
record ItemOwners(ScanSelect select, boolean outermost) {
  Optional<ScanItem> owner(List<String> parts) {
    return switch (parts.size()) {
      case 1 -> unqualified(parts.getFirst());
      case 2 -> qualified(Trees.lower(parts.getFirst()));
      default -> Optional.empty();
    };
  }

  private Optional<ScanItem> qualified(String qualifier) {
    List<ScanItem> owners =
        select.items.stream().filter(item -> item.qualifier.equals(qualifier)).toList();
    return owners.size() == 1 ? Optional.of(owners.getFirst()) : Optional.empty();
  }

  /** A name of a remote item is that item's; any other one is the only local item's. */
  private Optional<ScanItem> unqualified(String name) {
    if (select.natural || select.merged.contains(Trees.lower(name))) {
      return Optional.empty();
    }
    List<ScanItem> remote =
        select.items.stream()
            .filter(item -> item.remote.filter(r -> r.table().column(name).isPresent()).isPresent())
            .toList();
    if (!remote.isEmpty()) {
      return remote.size() == 1 ? Optional.of(remote.getFirst()) : Optional.empty();
    }
    List<ScanItem> local = select.items.stream().filter(item -> item.remote.isEmpty()).toList();
    return outermost && local.size() == 1 ? Optional.of(local.getFirst()) : Optional.empty();
  }

  /** Whether each column in an expression is of the item; at least one is. */
  boolean allOf(JsonNode expression, ScanItem item) {
    if (Trees.isClass(expression, "COLUMN_REF")) {
      return owner(Trees.strings(expression.path("column_names")))
          .filter(owner -> owner == item)
          .isPresent();
    }
    for (JsonNode child : expression) {
      if (!allOf(child, item)) {
        return false;
      }
    }
    return true;
  }
}
