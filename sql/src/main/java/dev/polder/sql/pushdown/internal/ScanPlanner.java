package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.analyse.ColumnUse;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.pushdown.PushdownRequest;
import dev.polder.sql.pushdown.RemoteReference;
import dev.polder.sql.pushdown.RemoteScan;
import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Plans the scans of one query. One use per instance. */
public final class ScanPlanner {
  private record Found(RemoteQuery query, List<String> notes) {}

  private final PushdownRequest request;
  private final ReferencePlaces places;
  private final Folding folding;
  private final Map<Integer, Found> found = new HashMap<>();
  private final Set<Integer> repeated = new HashSet<>();

  public ScanPlanner(PushdownRequest request) {
    this.request = request;
    this.places = new ReferencePlaces(request);
    this.folding = new Folding(request.parameters(), request.constants());
  }

  public List<RemoteScan> plan() {
    walk(request.statement());
    List<RemoteScan> scans = new ArrayList<>();
    for (int reference : new TreeSet<>(request.remotes().keySet())) {
      Found own = found.get(reference);
      if (own == null || repeated.contains(reference)) {
        List<String> notes = List.of("where the table stands nothing is known of its rows");
        scans.add(new RemoteScan(reference, scan(reference, List.of()), true, notes));
      } else {
        boolean leakProof = own.query().where().stream().noneMatch(Failing::can);
        scans.add(new RemoteScan(reference, own.query(), leakProof, own.notes()));
      }
    }
    return scans;
  }

  private void walk(JsonNode node) {
    if (Trees.isType(node, "SELECT_NODE")) {
      select(node);
    }
    node.forEach(this::walk);
  }

  private void select(JsonNode node) {
    ScanSelect select = new ScanSelect(node, places::reference, request.remotes());
    for (ScanItem item : select.items) {
      item.remote.ifPresent(remote -> {
        if (found.put(item.reference, scan(node, select, item, remote)) != null) {
          repeated.add(item.reference);
        }
      });
    }
  }

  private Found scan(JsonNode node, ScanSelect select, ScanItem item, RemoteReference remote) {
    if (!item.plain) {
      return new Found(scan(item.reference, List.of()), List.of("the table is sampled or renamed"));
    }
    Set<String> reasons = new TreeSet<>();
    List<String> missed = new ArrayList<>();
    Translator translator = new Translator(folding, new ScanNames(select, item, remote));
    List<RemoteExpression> wanted = new ArrayList<>();
    for (JsonNode condition : item.conditions) {
      for (JsonNode conjunct : Trees.conjuncts(condition)) {
        new Implied(translator, missed)
            .of(conjunct)
            .filter(implied -> !remote.restricted() || !Failing.can(implied))
            .ifPresent(wanted::add);
      }
    }
    reasons.addAll(missed);
    Conditions.Pushed pushed = Conditions.push(wanted, remote.dialect());
    if (!pushed.exact()) {
      reasons.add("the source does not know all conditions");
    }
    RemoteQuery query = scan(item.reference, pushed.conditions());
    boolean alone =
        select.items.size() == 1 && pushed.exact() && missed.isEmpty() && !remote.restricted();
    return new Found(
        alone
            ? new ScanTail(node, request.parameters(), translator, remote.dialect()).apply(query)
            : query,
        List.copyOf(reasons));
  }

  private RemoteQuery scan(int reference, List<RemoteExpression> conditions) {
    TableReference place = request.analysis().tables().get(reference);
    RemoteReference remote = request.remotes().get(reference);
    if (remote == null) {
      throw new IllegalStateException("reference " + reference + " is not remote");
    }
    List<RemoteColumn> columns =
        remote.table().columns().stream()
            .filter(column ->
                switch (place.columns()) {
                  case ColumnUse.All() -> true;
                  case ColumnUse.Named(var names) -> names.contains(Trees.lower(column.name()));
                })
            .toList();
    // A query needs a column even where only its rows are counted.
    return RemoteQuery.scan(
        remote.table(),
        columns.isEmpty() ? remote.table().columns().stream().limit(1).toList() : columns,
        conditions);
  }
}
