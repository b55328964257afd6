package dev.polder.sql.bind;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.ColumnUse;
import dev.polder.sql.authorise.AttachedSource;
import dev.polder.sql.authorise.AuthorizedPolicies;
import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.pushdown.BlockDecision;
import dev.polder.sql.pushdown.BlockPushdown;
import dev.polder.sql.pushdown.ChangePushdown;
import dev.polder.sql.pushdown.JoinFilter;
import dev.polder.sql.pushdown.JoinFilters;
import dev.polder.sql.pushdown.PushdownRequest;
import dev.polder.sql.pushdown.RemoteReference;
import dev.polder.sql.pushdown.RemoteScan;
import dev.polder.sql.pushdown.ScanPushdown;
import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a binding reads from sources. For one binding and those inside of it. */
final class SourceScans {
  private static final Set<String> AGGREGATES =
      Set.of("count", "count_star", "sum", "min", "max", "avg", "mean");

  private final BindRequest request;
  private final List<String> blockNotes = new ArrayList<>();
  private final List<SourceScan> scans = new ArrayList<>();

  SourceScans(BindRequest request) {
    this.request = request;
  }

  List<SourceScan> all() {
    return List.copyOf(scans);
  }

  /** What a text asks of sources, by the index of the reference. */
  Map<Integer, RemoteScan> plan(
      AuthorizedQuery query, ParameterValues parameters, boolean outermost) {
    Map<Integer, RemoteReference> remotes = remotes(query);
    return remotes.isEmpty()
        ? Map.of()
        : planned(query.text(), query.analysis(), remotes, parameters).stream()
            .map(scan -> outermost ? narrowed(scan, remotes) : scan)
            .collect(Collectors.toMap(RemoteScan::reference, Function.identity()));
  }

  /** With what is known of the keys that its rows are joined by. */
  private RemoteScan narrowed(RemoteScan scan, Map<Integer, RemoteReference> remotes) {
    RemoteReference remote = remotes.get(scan.reference());
    List<RemoteExpression> known = request.keys().getOrDefault(scan.reference(), List.of());
    if (remote == null || known.isEmpty() || scan.query().limit().isPresent()) {
      return scan;
    }
    List<RemoteExpression> asked = Conditions.push(known, remote.dialect()).conditions();
    return new RemoteScan(
        scan.reference(), scan.query().and(asked), scan.leakProof(), scan.notes());
  }

  /** Where the keys of other tables say which rows of a source's can matter. */
  List<JoinFilter> joinFilters() {
    AuthorizedQuery query = request.query();
    Map<Integer, RemoteReference> remotes = remotes(query);
    if (remotes.isEmpty() || remotes.size() == query.references().size()) {
      return List.of();
    }
    return request
        .trees()
        .apply(query.text())
        .map(tree ->
            JoinFilters.plan(
                new PushdownRequest(
                    tree,
                    query.text(),
                    query.analysis(),
                    remotes,
                    request.parameters(),
                    request.constants()),
                request.subqueries()::text))
        .orElse(List.of());
  }

  private List<RemoteScan> planned(
      SqlText text,
      Analysis analysis,
      Map<Integer, RemoteReference> remotes,
      ParameterValues parameters) {
    return request
        .trees()
        .apply(text)
        .map(tree ->
            ScanPushdown.plan(
                new PushdownRequest(
                    tree, text, analysis, remotes, parameters, request.constants())))
        .orElseGet(() -> remotes.entrySet().stream().map(SourceScans::unplanned).toList());
  }

  private static RemoteScan unplanned(Map.Entry<Integer, RemoteReference> remote) {
    RemoteTable table = remote.getValue().table();
    return new RemoteScan(
        remote.getKey(),
        RemoteQuery.scan(table, table.columns(), List.of()),
        true,
        List.of("this form of query is not looked into"));
  }

  /**
   * Asks one source for all that a text reads, where it can answer that.
   *
   * @return the text over its answer
   */
  Optional<SqlText> whole(AuthorizedQuery query, ParameterValues parameters) {
    if (!isWorthwhile(query) || query.analysis().parameters().count() > 0) {
      return Optional.empty();
    }
    String name = "f" + scans.size();
    BlockDecision decision = decide(query, parameters, name);
    blockNotes.addAll(decision.notes());
    return decision
        .plan()
        .map(plan -> {
          AttachedSource source =
              query.references().stream()
                  .map(ResolvedReference.Remote.class::cast)
                  .filter(remote -> remote.reference().index() == plan.reference())
                  .findFirst()
                  .orElseThrow()
                  .source();
          scans.add(new SourceScan(name, source, plan.query(), Optional.empty(), decision.notes()));
          return plan.local();
        });
  }

  /**
   * Whether one source can do all that a query says.
   *
   * @param name of the table or view that would hold its answer
   */
  private BlockDecision decide(AuthorizedQuery query, ParameterValues parameters, String name) {
    List<ResolvedReference.Remote> references = new ArrayList<>();
    for (ResolvedReference resolved : query.references()) {
      if (!(resolved instanceof ResolvedReference.Remote remote)
          || remote.source().attachedByDuck()) {
        return not("not all tables are of sources");
      }
      if (remote.columns().isPresent() || !remote.policies().isEmpty()) {
        return not("some rows or columns of " + remote.table() + " are not to be seen");
      }
      references.add(remote);
    }
    Optional<JsonNode> tree = request.trees().apply(query.text());
    if (tree.isEmpty() || references.stream().anyMatch(it -> it.reference().span().isEmpty())) {
      return not("this form of query is not looked into");
    }
    EmptyTables empty = new EmptyTables(request, query, references);
    return BlockPushdown.plan(
        new PushdownRequest(
            tree.get(),
            query.text(),
            query.analysis(),
            remotes(query),
            parameters,
            request.constants()),
        SourceScan.reference(name),
        request.subqueries()::text,
        empty::columns);
  }

  /** Whether a source can change the rows that the request's query names. */
  ChangePushdown.Decision change() {
    AuthorizedQuery query = request.query();
    return request
        .trees()
        .apply(query.text())
        .map(tree ->
            ChangePushdown.plan(
                new PushdownRequest(
                    tree,
                    query.text(),
                    query.analysis(),
                    remotes(query),
                    request.parameters(),
                    request.constants())))
        .orElseGet(() ->
            new ChangePushdown.Decision(
                Optional.empty(), List.of("this form of query is not looked into")));
  }

  private static BlockDecision not(String why) {
    return new BlockDecision(Optional.empty(), List.of(why));
  }

  /** A query of rows of one table gains nothing by it. */
  private static boolean isWorthwhile(AuthorizedQuery query) {
    return query.references().size() > 1
        || query.analysis().functions().stream()
            .anyMatch(function -> AGGREGATES.contains(function.name()));
  }

  private static Map<Integer, RemoteReference> remotes(AuthorizedQuery query) {
    Map<Integer, RemoteReference> remotes = new HashMap<>();
    for (ResolvedReference resolved : query.references()) {
      if (resolved instanceof ResolvedReference.Remote remote
          && !remote.source().attachedByDuck()) {
        remotes.put(
            remote.reference().index(),
            new RemoteReference(
                remote.table(),
                remote.source().dialect(),
                !remote.policies().isEmpty(),
                unseen(remote)));
      }
    }
    return remotes;
  }

  /** Columns that the query does not see, or not as they are stored. */
  private static Set<String> unseen(ResolvedReference.Remote remote) {
    Set<String> names = new HashSet<>();
    List<RemoteColumn> columns = remote.table().columns();
    for (int i = 0; i < columns.size(); i++) {
      if (!remote.readable(columns.get(i)) || remote.policies().masks().containsKey(i + 1)) {
        names.add(columns.get(i).name().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  /**
   * The text that stands for a reference to a table of a source.
   *
   * @param planned what is to be asked; null where DuckDB has attached the source
   * @param filter the row filters' condition; null for none
   * @param masks expressions by the column's position from 1
   */
  String read(
      ResolvedReference.Remote remote,
      @Nullable RemoteScan planned,
      @Nullable String filter,
      List<Optional<String>> masks) {
    boolean plain = filter == null && masks.stream().allMatch(Optional::isEmpty);
    if (planned == null) {
      return attached(remote, filter, masks, plain);
    }
    List<RemoteColumn> shown =
        atLeastOne(
            remote,
            remote.table().columns().stream()
                .filter(remote::readable)
                .filter(column -> used(remote.reference().columns(), column))
                .toList());
    SourceScan scan =
        new SourceScan(
            "f" + scans.size(),
            remote.source(),
            planned.query().distinct()
                ? planned.query()
                : planned.query().with(plain ? shown : remote.table().columns()),
            plain
                ? Optional.empty()
                : Optional.of(
                    new SourceScan.Policies(
                        list(remote, shown, masks), Optional.ofNullable(filter))),
            Stream.concat(planned.notes().stream(), blockNotes.stream()).toList());
    scans.add(scan);
    return scan.reference();
  }

  /** DuckDB reads it itself; policies stand behind a barrier, as they do on views. */
  private static String attached(
      ResolvedReference.Remote remote,
      @Nullable String filter,
      List<Optional<String>> masks,
      boolean plain) {
    String name =
        SqlNames.quote(remote.source().alias())
            + "."
            + SqlNames.quote(remote.table().schema())
            + "."
            + SqlNames.quote(remote.table().name());
    if (plain && remote.columns().isEmpty()) {
      return name;
    }
    List<RemoteColumn> readable =
        remote.table().columns().stream().filter(remote::readable).toList();
    String select =
        "SELECT "
            + list(remote, readable, masks)
            + " FROM "
            + name
            + " AS t"
            + (filter == null ? "" : " WHERE (" + filter + "\n)");
    return plain
        ? "(" + select + ")"
        : "(WITH rows_ AS MATERIALIZED (" + select + ") SELECT * FROM rows_)";
  }

  private static String list(
      ResolvedReference.Remote remote, List<RemoteColumn> columns, List<Optional<String>> masks) {
    return columns.stream()
        .map(column -> {
          String name = SqlNames.quote(column.name());
          return masks
              .get(remote.table().columns().indexOf(column))
              .map(mask -> "CAST((" + mask + "\n) AS " + column.type() + ") AS " + name)
              .orElse(name);
        })
        .collect(Collectors.joining(", "));
  }

  /** Rows without any column cannot be handed over. */
  private static List<RemoteColumn> atLeastOne(
      ResolvedReference.Remote remote, List<RemoteColumn> columns) {
    return columns.isEmpty()
        ? remote.table().columns().stream().filter(remote::readable).limit(1).toList()
        : columns;
  }

  private static boolean used(ColumnUse use, RemoteColumn column) {
    return switch (use) {
      case ColumnUse.All() -> true;
      case ColumnUse.Named(var names) -> names.contains(column.name().toLowerCase(Locale.ROOT));
    };
  }

  /** The masks of a table's columns, in their order. */
  static List<Optional<String>> masks(
      ResolvedReference.Remote remote, Function<AuthorizedPolicies.Expression, String> written) {
    List<Optional<String>> masks = new ArrayList<>();
    for (int i = 1; i <= remote.table().columns().size(); i++) {
      Optional<AuthorizedPolicies.Expression> mask = remote.policies().masks().get(i);
      masks.add(mask == null ? Optional.empty() : Optional.of(mask.map(written).orElse("NULL")));
    }
    return masks;
  }
}
