package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.polder.sql.pushdown.JoinFilter;
import dev.polder.sql.pushdown.PushdownRequest;
import dev.polder.sql.pushdown.RemoteReference;
import dev.polder.sql.pushdown.Unparser;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the join filters of one query. One use per instance. */
public final class JoinFilterPlanner {
  private final PushdownRequest request;
  private final Unparser unparser;
  private final ReferencePlaces places;
  private final List<JoinFilter> found = new ArrayList<>();
  private final Map<Integer, Integer> seen = new HashMap<>();

  public JoinFilterPlanner(PushdownRequest request, Unparser unparser) {
    this.request = request;
    this.unparser = unparser;
    this.places = new ReferencePlaces(request);
  }

  public List<JoinFilter> plan() {
    walk(request.statement(), JsonNodeFactory.instance.objectNode(), true);
    // What the tree holds twice is bound by neither place.
    return found.stream()
        .filter(filter -> Integer.valueOf(1).equals(seen.get(filter.reference())))
        .distinct()
        .toList();
  }

  /**
   * @param tables the only WITH in sight; a missing node where there are several
   */
  private void walk(JsonNode node, JsonNode tables, boolean outermost) {
    JsonNode own = node.path("cte_map");
    boolean one = tables.path("map").isEmpty() && !tables.isMissingNode();
    JsonNode missing = own.path("map").path("nothing");
    JsonNode inner = own.path("map").isEmpty() ? tables : one ? own : missing;
    boolean below = outermost;
    if (Trees.isType(node, "SELECT_NODE")) {
      select(node, inner, outermost);
      below = false;
    }
    // The first of WITH sees what is around; those after it see some of WITH.
    if (own.isObject()) {
      walk(own, own.path("map").size() > 1 ? missing : tables, false);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getKey().equals("cte_map")) {
        walk(field.getValue(), inner, below);
      }
    }
    if (node.isArray()) {
      for (JsonNode child : node) {
        walk(child, inner, below);
      }
    }
  }

  private void select(JsonNode node, JsonNode tables, boolean outermost) {
    ScanSelect select = new ScanSelect(node, places::reference, request.remotes());
    for (ScanItem item : select.items) {
      if (item.remote.isPresent()) {
        seen.merge(item.reference, 1, Integer::sum);
        if (item.plain && !tables.isMissingNode()) {
          filters(new Place(select, tables, outermost), item, item.remote.get());
        }
      }
    }
  }

  /** A SELECT and what it can see. */
  private record Place(ScanSelect select, JsonNode tables, boolean outermost) {}

  private void filters(Place place, ScanItem item, RemoteReference remote) {
    ScanNames names = new ScanNames(place.select(), item, remote);
    for (JsonNode condition : item.conditions) {
      for (JsonNode conjunct : Trees.conjuncts(condition)) {
        if (Trees.isType(conjunct, "COMPARE_EQUAL")) {
          equal(place, item, names, conjunct.path("left"), conjunct.path("right"));
          equal(place, item, names, conjunct.path("right"), conjunct.path("left"));
        } else if (Trees.text(conjunct, "subquery_type").equals("ANY")
            && Trees.text(conjunct, "comparison_type").equals("COMPARE_EQUAL")) {
          column(names, conjunct.path("child"))
              .ifPresent(column -> in(place, item, column, conjunct.path("subquery")));
        }
      }
    }
    for (ScanSelect.Using using : place.select().usings) {
      Optional<ScanItem> other = using.other(item);
      if (other.isPresent() && usable(other.get())) {
        remote
            .table()
            .column(using.name())
            .filter(column -> !remote.hidden().contains(Trees.lower(column.name())))
            .ifPresent(column ->
                add(
                    place,
                    item,
                    column,
                    other.get(),
                    KeyQuery.reference(other.get().qualifier, using.name())));
      }
    }
  }

  private static boolean usable(ScanItem item) {
    return item.plain && Repeatable.is(item.node);
  }

  private static Optional<RemoteColumn> column(Names names, JsonNode node) {
    if (!Trees.isClass(node, "COLUMN_REF")) {
      return Optional.empty();
    }
    try {
      return names.column(Trees.strings(node.path("column_names")))
              instanceof RemoteExpression.Column(int _, var column)
          ? Optional.of(column)
          : Optional.empty();
    } catch (NotPushed e) {
      // Not a column of this item.
      return Optional.empty();
    }
  }

  private void equal(Place place, ScanItem item, Names names, JsonNode own, JsonNode other) {
    Optional<RemoteColumn> column = column(names, own);
    if (column.isEmpty() || !Trees.isClass(other, "COLUMN_REF")) {
      return;
    }
    new ItemOwners(place.select(), place.outermost())
        .owner(Trees.strings(other.path("column_names")))
        .filter(owner -> owner != item)
        .filter(JoinFilterPlanner::usable)
        .ifPresent(owner -> add(place, item, column.get(), owner, other));
  }

  private void add(Place place, ScanItem item, RemoteColumn column, ScanItem other, JsonNode key) {
    ItemOwners owners = new ItemOwners(place.select(), place.outermost());
    List<JsonNode> conditions = new ArrayList<>();
    for (JsonNode condition : other.conditions) {
      for (JsonNode conjunct : Trees.conjuncts(condition)) {
        if (Repeatable.is(conjunct)
            && !Repeatable.queries(conjunct)
            && owners.allOf(conjunct, other)) {
          conditions.add(conjunct);
        }
      }
    }
    String json = KeyQuery.of(key, other.node, conditions, place.tables());
    found.add(
        new JoinFilter(item.reference, column, unparser.sql(json), remotes(other.node, place)));
  }

  private void in(Place place, ScanItem item, RemoteColumn column, JsonNode subquery) {
    JsonNode query = subquery.path("node");
    if (Repeatable.is(query) && Repeatable.is(place.tables())) {
      String json = KeyQuery.of(query, place.tables());
      found.add(new JoinFilter(item.reference, column, unparser.sql(json), remotes(query, place)));
    }
  }

  /** The remote references that a part of the query reads; those of all of WITH count. */
  private Set<Integer> remotes(JsonNode part, Place place) {
    Set<Integer> result = new HashSet<>();
    remotes(part, result);
    remotes(place.tables(), result);
    return result;
  }

  private void remotes(JsonNode part, Set<Integer> result) {
    if (Trees.isType(part, "BASE_TABLE")) {
      int reference = places.reference(part);
      if (request.remotes().containsKey(reference)) {
        result.add(reference);
      }
    }
    part.forEach(child -> remotes(child, result));
  }
}
