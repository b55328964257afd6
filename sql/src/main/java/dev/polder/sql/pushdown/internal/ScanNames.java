package dev.polder.sql.pushdown.internal;

import dev.polder.sql.pushdown.RemoteReference;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import java.util.List;

/** The names that surely mean columns of one remote item of a SELECT. */
record ScanNames(ScanSelect select, ScanItem item, RemoteReference remote) implements Names {
  @Override
  public RemoteExpression column(List<String> parts) {
    String name = parts.getLast();
    String lower = Trees.lower(name);
    RemoteColumn column =
        remote.table().column(name).orElseThrow(() -> new NotPushed("the name " + name));
    if (remote.hidden().contains(lower)) {
      throw new NotPushed("the masked column " + name);
    }
    switch (parts.size()) {
      case 1 -> unqualified(lower);
      case 2 -> qualified(Trees.lower(parts.getFirst()));
      default -> throw new NotPushed("the name " + String.join(".", parts));
    }
    return new RemoteExpression.Column(0, column);
  }

  /** A name that another item has too is ambiguous: DuckDB refuses the whole query. */
  private void unqualified(String lower) {
    if (select.items.size() == 1) {
      return;
    }
    boolean elsewhere =
        select.items.stream()
            .filter(other -> other != item)
            .anyMatch(
                other -> other.remote.filter(r -> r.table().column(lower).isPresent()).isPresent());
    if (elsewhere || select.natural || select.merged.contains(lower)) {
      throw new NotPushed("the ambiguous name " + lower);
    }
  }

  private void qualified(String qualifier) {
    boolean mine = item.qualifier.equals(qualifier);
    long holders = select.items.stream().filter(other -> other.qualifier.equals(qualifier)).count();
    // A column of this name could be a structure that has the second part as a field.
    if (!mine || holders != 1) {
      throw new NotPushed("a name of " + qualifier);
    }
  }
}
