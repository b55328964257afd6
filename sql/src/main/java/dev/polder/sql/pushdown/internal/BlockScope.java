package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.RemoteExpression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The items of one FROM clause and what names mean over them. Used by one statement. */
final class BlockScope implements Names {
  /** A column under the name by which it is seen. */
  record Named(String name, RemoteExpression value) {}

  /** One item; columns that USING merged into another's are hidden behind that one's. */
  static final class Item {
    final String qualifier;
    final List<Named> columns;
    private final Map<String, RemoteExpression> merged = new HashMap<>();
    private final Set<String> hidden = new HashSet<>();

    Item(String qualifier, List<Named> columns) {
      this.qualifier = qualifier;
      this.columns = List.copyOf(columns);
    }

    void hide(String lower) {
      hidden.add(lower);
    }

    void merge(String lower, RemoteExpression value) {
      merged.put(lower, value);
    }

    /** What is seen without a qualifier. */
    private Optional<Named> visible(Named column) {
      String lower = Trees.lower(column.name());
      return hidden.contains(lower)
          ? Optional.empty()
          : Optional.of(new Named(column.name(), merged.getOrDefault(lower, column.value())));
    }
  }

  private final Names outer;
  private final List<Item> items = new ArrayList<>();

  BlockScope(Names outer) {
    this.outer = outer;
  }

  Names outer() {
    return outer;
  }

  void add(Item item) {
    items.add(item);
  }

  int size() {
    return items.size();
  }

  List<Item> items(int from, int to) {
    return List.copyOf(items.subList(from, to));
  }

  /** What {@code *} gives over some items. */
  static List<Named> visible(List<Item> items) {
    return items.stream()
        .flatMap(item -> item.columns.stream().flatMap(c -> item.visible(c).stream()))
        .toList();
  }

  /** What {@code *} or {@code qualifier.*} gives. */
  List<Named> star(String qualifier) {
    if (qualifier.isEmpty()) {
      return visible(items);
    }
    return owner(Trees.lower(qualifier))
        .orElseThrow(() -> new NotPushed("the name " + qualifier))
        .columns;
  }

  private Optional<Item> owner(String qualifier) {
    List<Item> owners = items.stream().filter(i -> i.qualifier.equals(qualifier)).toList();
    if (owners.size() > 1) {
      throw new NotPushed("the ambiguous name " + qualifier);
    }
    return owners.stream().findFirst();
  }

  @Override
  public RemoteExpression column(List<String> parts) {
    String name = parts.getLast();
    if (parts.size() > 2) {
      throw new NotPushed("the name " + String.join(".", parts));
    }
    if (parts.size() == 2) {
      Optional<Item> item = owner(Trees.lower(parts.getFirst()));
      return item.isPresent()
          ? one(item.get().columns, name).orElseThrow(() -> new NotPushed("the name " + name))
          : outer.column(parts);
    }
    Optional<RemoteExpression> own = one(visible(items), name);
    return own.isPresent() ? own.get() : outer.column(parts);
  }

  /** The only one of the columns with the name. */
  static Optional<RemoteExpression> one(List<Named> columns, String name) {
    List<Named> found = columns.stream().filter(c -> c.name().equalsIgnoreCase(name)).toList();
    if (found.size() > 1) {
      throw new NotPushed("the ambiguous name " + name);
    }
    return found.stream().findFirst().map(Named::value);
  }
}
