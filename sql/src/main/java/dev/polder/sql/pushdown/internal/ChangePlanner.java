package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.pushdown.ChangePushdown;
import dev.polder.sql.pushdown.PushdownRequest;
import dev.polder.sql.pushdown.RemoteReference;
import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.Support;
import java.util.List;
import java.util.Optional;

/** Plans a change of rows in one table. One use per instance. */
public final class ChangePlanner {
  private final PushdownRequest request;

  public ChangePlanner(PushdownRequest request) {
    this.request = request;
  }

  public ChangePushdown.Decision plan() {
    try {
      return new ChangePushdown.Decision(Optional.of(change()), List.of());
    } catch (NotPushed e) {
      return new ChangePushdown.Decision(Optional.empty(), List.of(e.reason()));
    }
  }

  private ChangePushdown.Change change() {
    JsonNode select = request.statement().path("node");
    if (!Trees.isType(select, "SELECT_NODE") || request.analysis().tables().size() != 1) {
      throw new NotPushed("more than one table");
    }
    ScanSelect from =
        new ScanSelect(select, new ReferencePlaces(request)::reference, request.remotes());
    if (from.items.size() != 1 || !from.items.getFirst().plain) {
      throw new NotPushed("more than one table");
    }
    ScanItem item = from.items.getFirst();
    RemoteReference remote = item.remote.orElseThrow(() -> new NotPushed("a table of ours"));
    if (remote.restricted()) {
      throw new NotPushed("a row filter or mask stands before the table");
    }
    Translator translator =
        new Translator(
            new Folding(request.parameters(), request.constants()),
            new ScanNames(from, item, remote));
    JsonNode where = select.path("where_clause");
    List<RemoteExpression> conditions =
        where.isObject()
            ? Trees.conjuncts(where).stream().map(translator::predicate).toList()
            : List.of();
    List<RemoteExpression> values =
        Trees.list(select.path("select_list")).stream().map(translator::expression).toList();
    conditions.forEach(condition -> require(condition, remote));
    values.forEach(value -> require(value, remote));
    return new ChangePushdown.Change(values, conditions);
  }

  private static void require(RemoteExpression expression, RemoteReference remote) {
    if (Conditions.support(expression, remote.dialect()) != Support.EXACT) {
      throw new NotPushed("the source does not evaluate all of it as DuckDB does");
    }
  }
}
