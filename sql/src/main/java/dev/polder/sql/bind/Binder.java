package dev.polder.sql.bind;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.sql.analyse.PruneConjunct;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.authorise.AuthorizedPolicies;
import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.bind.CatalogContents.Definition;
import dev.polder.sql.bind.CatalogContents.NamedRelation;
import dev.polder.sql.pushdown.ChangePushdown;
import dev.polder.sql.pushdown.JoinFilter;
import dev.polder.sql.pushdown.RemoteScan;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the private catalog for a query: one view for each collection it reads, with the
 * principal's row filters and masks inside, under the names that the text uses. Thread-safe.
 */
public final class Binder {
  /** Column of a target's view: index of the row's file in the plan. */
  public static final String FILE = "$file";

  /** Column of a target's view: the row's position in its file, from 0. */
  public static final String ROW = "$row";

  /** Binds a query that was authorised for the same principal and reader. */
  public BoundQuery bind(BindRequest request) {
    return new Binding(request).run();
  }

  /**
   * A condition over a table's columns, and the catalog in which it means something.
   *
   * @param reads the tables that it reads
   */
  public record Condition(String sql, CatalogContents contents, List<BoundQuery.Read> reads) {}

  /**
   * The condition of a table's row filters; empty when there are none.
   *
   * @param request of a query that was authorised together with the policies
   */
  public Optional<Condition> rowFilter(BindRequest request, AuthorizedPolicies policies) {
    return new Binding(request).rowFilter(policies);
  }

  /** Whether a source can change the rows that a query of one table names. */
  public ChangePushdown.Decision change(BindRequest request) {
    return new SourceScans(request).change();
  }

  /** Where the keys of other tables say which rows of a source's table can matter. */
  public List<JoinFilter> joinFilters(BindRequest request) {
    return new SourceScans(request).joinFilters();
  }

  /** One binding. */
  private static final class Binding {
    private final BindRequest request;
    private final TableViews tables;
    private final PolicySql expressions;
    private final SourceScans remote;
    private final Map<String, Definition> definitions = new LinkedHashMap<>();
    private final Map<String, NamedRelation> relations = new LinkedHashMap<>();
    private final Map<String, String> hiddenColumns = new HashMap<>();
    private int hidden;

    Binding(BindRequest request) {
      this.request = request;
      this.remote = new SourceScans(request);
      this.expressions =
          new PolicySql(
              request.subqueries(),
              this::prepared,
              query -> define(place(query, false).toString()));
      this.tables = new TableViews(request, expressions);
    }

    /** A policy's subquery, with a catalog of its own. */
    private PolicySql.Prepared prepared(AuthorizedQuery query) {
      Binding own = new Binding(request);
      String sql = own.place(query, false).toString();
      tables.reads().addAll(own.tables.reads());
      return new PolicySql.Prepared(own.contents(), sql);
    }

    Optional<Condition> rowFilter(AuthorizedPolicies policies) {
      return Optional.ofNullable(tables.rowFilter(policies))
          .map(written -> new Condition(written.sql(), contents(), tables.reads()));
    }

    private CatalogContents contents() {
      List<Definition> all = new ArrayList<>(request.macros());
      all.addAll(definitions.values());
      return new CatalogContents(
          request.query().schema().value(), all, List.copyOf(relations.values()), tables.deletes());
    }

    BoundQuery run() {
      AuthorizedQuery query = request.query();
      SqlText text = place(query, true);
      return new BoundQuery(
          text, contents(), tables.reads(), tables.targetPlan(), hiddenColumns, remote.all());
    }

    /**
     * Makes the views for a text's references and gives the text that reads them.
     *
     * @param outermost true for the user's own text; names inside views always go to hidden views
     */
    private SqlText place(AuthorizedQuery query, boolean outermost) {
      ParameterValues parameters = outermost ? request.parameters() : ParameterValues.NONE;
      Optional<SqlText> answered =
          request.targets().isEmpty() ? remote.whole(query, parameters) : Optional.empty();
      if (answered.isPresent()) {
        return answered.get();
      }
      PruneFilters filters = new PruneFilters(query.text(), parameters, request.constants());
      Map<Integer, RemoteScan> planned = remote.plan(query, parameters, outermost);
      Map<String, LakeFilter> pruned = prune(query, filters, outermost);
      ReferenceEdits edits = new ReferenceEdits(query);
      for (ResolvedReference resolved : query.references()) {
        TableReference reference = resolved.reference();
        boolean target = outermost && request.targets().contains(reference.index());
        boolean plain = outermost && !target && isPlain(resolved);
        switch (resolved) {
          case ResolvedReference.Table table -> {
            noteHidden(table);
            String sql =
                tables.view(
                    table, pruned.getOrDefault(key(resolved, outermost), LakeFilter.ALL), target);
            if (plain) {
              define(schemaOf(query, reference), reference.name().last(), sql);
            } else {
              edits.redirect(reference, define(sql));
            }
          }
          case ResolvedReference.View view -> {
            String sql = viewSql(view);
            if (readsSource(view.query())) {
              // A view of the catalog is checked where it is made, without the session's tables.
              edits.redirect(reference, "(" + sql + "\n)");
            } else if (plain) {
              define(schemaOf(query, reference), reference.name().last(), sql);
            } else {
              edits.redirect(reference, define(sql));
            }
          }
          case ResolvedReference.Remote source -> {
            noteHidden(source);
            edits.redirect(reference, read(source, planned.get(reference.index())));
          }
          case ResolvedReference.Metadata metadata -> edits.redirect(reference, relation(metadata));
        }
      }
      return edits.apply();
    }

    private String read(ResolvedReference.Remote source, @Nullable RemoteScan planned) {
      PolicySql.Written filter = tables.rowFilter(source.policies());
      return remote.read(
          source,
          planned,
          filter == null ? null : filter.sql(),
          SourceScans.masks(source, mask -> expressions.write(mask).sql()));
    }

    private static boolean readsSource(AuthorizedQuery query) {
      return query.references().stream()
          .anyMatch(resolved ->
              switch (resolved) {
                case ResolvedReference.Table ignored -> false;
                case ResolvedReference.Metadata ignored -> false;
                case ResolvedReference.Remote ignored -> true;
                case ResolvedReference.View view -> readsSource(view.query());
              });
    }

    private void noteHidden(ResolvedReference.Remote source) {
      source.table().columns().stream()
          .filter(column -> !source.readable(column))
          .forEach(column ->
              hiddenColumns.put(
                  column.name().toLowerCase(Locale.ROOT), source.table() + "." + column.name()));
    }

    /** Whether the reference's own words name the view to be made. */
    private static boolean isPlain(ResolvedReference resolved) {
      TableReference reference = resolved.reference();
      return reference.at().isEmpty() && reference.name().parts().size() <= 2;
    }

    private static String schemaOf(AuthorizedQuery query, TableReference reference) {
      int size = reference.name().parts().size();
      return size == 1 ? query.schema().value() : reference.name().parts().get(size - 2);
    }

    /** A file is read when any of the references to its table may need one of its rows. */
    private Map<String, LakeFilter> prune(
        AuthorizedQuery query, PruneFilters filters, boolean outermost) {
      List<PruneConjunct> conjuncts = query.analysis().conjuncts();
      Map<String, List<LakeFilter>> byTable = new HashMap<>();
      for (ResolvedReference resolved : query.references()) {
        if (resolved instanceof ResolvedReference.Table table) {
          byTable
              .computeIfAbsent(key(resolved, outermost), key -> new ArrayList<>())
              .add(
                  filters.of(
                      conjuncts,
                      resolved.reference().index(),
                      request.reader().table(table.entry()).schema(),
                      table.policies().masks().keySet()));
        }
      }
      return byTable.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> any(entry.getValue())));
    }

    private static LakeFilter any(List<LakeFilter> filters) {
      if (filters.contains(LakeFilter.ALL)) {
        return LakeFilter.ALL;
      }
      return filters.size() == 1 ? filters.getFirst() : new LakeFilter.Or(filters);
    }

    /** References with one key share one view. */
    private String key(ResolvedReference resolved, boolean outermost) {
      return switch (resolved) {
        case ResolvedReference.Table table ->
            outermost && request.targets().contains(table.reference().index())
                ? "target"
                : table.entry().id().value() + "@" + table.entry().metadataLocation();
        case ResolvedReference.View view -> view.entry().id().value();
        case ResolvedReference.Remote source -> source.table().toString();
        case ResolvedReference.Metadata metadata -> metadata.relation().name();
      };
    }

    private String viewSql(ResolvedReference.View view) {
      SqlText inner = place(view.query(), false);
      List<org.apache.iceberg.types.Types.NestedField> fields = view.state().schema().columns();
      String names =
          fields.stream()
              .map(field -> SqlNames.quote(field.name()))
              .collect(Collectors.joining(", "));
      String selected =
          fields.stream()
              .filter(
                  field -> view.columns().map(set -> set.contains(field.fieldId())).orElse(true))
              .map(field -> SqlNames.quote(field.name()))
              .collect(Collectors.joining(", "));
      return tables.viewPolicies(
          view, "SELECT " + selected + " FROM (" + inner + "\n) AS view_(" + names + ")", selected);
    }

    private void noteHidden(ResolvedReference.Table table) {
      table
          .columns()
          .ifPresent(readable ->
              request.reader().table(table.entry()).schema().columns().stream()
                  .filter(field -> !readable.contains(field.fieldId()))
                  .forEach(field ->
                      hiddenColumns.put(
                          field.name().toLowerCase(Locale.ROOT),
                          table.entry().ref() + "." + field.name())));
    }

    private void define(String schema, String name, String sql) {
      String key = (schema + "\n" + name).toLowerCase(Locale.ROOT);
      definitions.putIfAbsent(key, new Definition.View(schema, name, sql));
    }

    /** Defines a view that the user's text cannot name. */
    private String define(String sql) {
      String name = "v" + hidden++;
      define(SqlNames.HIDDEN_SCHEMA, name, sql);
      return SqlNames.hidden(name);
    }

    private String relation(ResolvedReference.Metadata metadata) {
      String name = metadata.relation().schema() + "_" + metadata.relation().name();
      relations.computeIfAbsent(
          name,
          key ->
              new NamedRelation(
                  SqlNames.HIDDEN_SCHEMA, key, metadata.relation().of(request.visible().get())));
      return SqlNames.hidden(name);
    }
  }
}
