package dev.polder.sql.authorise;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.TimeTravel;
import dev.polder.lake.ViewState;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.Privilege;
import dev.polder.policy.Access;
import dev.polder.policy.ColumnMask;
import dev.polder.policy.DeniedException;
import dev.polder.policy.TablePolicies;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.FunctionPolicy;
import dev.polder.sql.analyse.FunctionReference;
import dev.polder.sql.analyse.QueryAnalyzer;
import dev.polder.sql.analyse.Span;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.authorise.AuthorizedPolicies.Expression;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Decides whether a query may run: every function is on the allow-list, every name means something,
 * and everything read is granted. Denies by default. Thread-safe.
 */
public final class Authorizer {
  private static final int MAX_VIEW_DEPTH = 16;

  private final QueryAnalyzer analyzer;
  private final PolicyExpression expressions;

  /**
   * @param analyzer reads the texts of views and of subqueries in policies
   */
  public Authorizer(QueryAnalyzer analyzer, PolicyExpression expressions) {
    this.analyzer = analyzer;
    this.expressions = expressions;
  }

  /**
   * Authorises a query.
   *
   * @throws PolderException COLLECTION_NOT_FOUND, ACCESS_DENIED, FUNCTION_NOT_ALLOWED
   */
  public AuthorizedQuery authorize(SqlText text, Analysis analysis, Scope scope) {
    Map<Integer, TimeTravel> times = scope.times().of(text, analysis);
    for (FunctionReference function : analysis.functions()) {
      FunctionPolicy.checkInQuery(function, position(text, function.span()));
    }
    List<ResolvedReference> references = new ArrayList<>();
    for (TableReference reference : analysis.tables()) {
      references.add(
          resolve(text, reference, scope, Optional.ofNullable(times.get(reference.index()))));
    }
    return new AuthorizedQuery(text, analysis, scope.schema(), references);
  }

  private ResolvedReference resolve(
      SqlText text, TableReference reference, Scope scope, Optional<TimeTravel> own) {
    Optional<TimeTravel> at = own.or(scope::inherited);
    NameResolver.Named named =
        NameResolver.find(reference.name(), scope, at)
            .orElseThrow(
                () -> NameResolver.notFound(reference.name(), position(text, reference.span())));
    return switch (named) {
      case NameResolver.Named.Metadata(var relation) -> {
        if (!scope.applying().isEmpty()) {
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED,
              "a row filter or mask cannot read "
                  + relation.schema()
                  + "; it reads tables and views of its own database");
        }
        yield new ResolvedReference.Metadata(reference, relation);
      }
      case NameResolver.Named.Remote(var source, var schema, var name) ->
          remote(reference, source, schema, name, scope, position(text, reference.span()));
      case NameResolver.Named.Collection(var entry) ->
          entry.isView() ? view(reference, entry, scope, at) : table(reference, entry, scope);
    };
  }

  private static void requireReadable(LakeCollection entry, Scope scope) {
    if (entry.isTable()) {
      return;
    }
    scope
        .access()
        .onCollection(Privilege.SELECT, entry.schema(), entry.id(), entry.ref().toString())
        .require();
    throw new PolderException(
        ErrorCode.NOT_SUPPORTED,
        entry.ref()
            + " is a generic table: it is read by engines that know its format, which they load"
            + " from the catalog's generic-tables");
  }

  private ResolvedReference table(TableReference reference, LakeCollection entry, Scope scope) {
    requireReadable(entry, scope);
    TableState state = scope.reader().table(entry);
    Optional<Set<Integer>> columns = readableColumns(scope.access(), entry, state.schema());
    return new ResolvedReference.Table(reference, entry, columns, policies(entry, scope));
  }

  private ResolvedReference view(
      TableReference reference, LakeCollection entry, Scope scope, Optional<TimeTravel> at) {
    if (scope.depth() >= MAX_VIEW_DEPTH) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          "views are nested deeper than " + MAX_VIEW_DEPTH + " at " + entry.ref());
    }
    ViewState state = scope.reader().view(entry);
    Optional<Set<Integer>> columns = readableColumns(scope.access(), entry, state.schema());
    Access owner =
        scope
            .owners()
            .apply(new PrincipalId(state.owner()))
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.ACCESS_DENIED,
                    "the owner of view " + entry.ref() + " no longer exists; create it again"));
    SqlText query = SqlText.of(state.sql());
    AuthorizedQuery inner =
        authorize(query, analyzer.analyze(query), scope.inside(state.defaultSchema(), owner, at));
    return new ResolvedReference.View(
        reference, entry, state, inner, columns, policies(entry, scope));
  }

  /**
   * Whoever has no grant is told so, whether the table exists or not; and is told nothing of the
   * source, which is not even asked.
   */
  private ResolvedReference remote(
      TableReference reference,
      AttachedSource source,
      String schema,
      String name,
      Scope scope,
      int position) {
    if (!scope.applying().isEmpty()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "a row filter or mask cannot read source "
              + source.alias()
              + "; it reads tables and views of its own database");
    }
    if (reference.at().isPresent()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "AT cannot be used on a table of a source: it is read as it is now",
          position,
          null);
    }
    Access access = scope.access();
    List<String> path = AttachedSource.path(schema, name);
    String shown = source.alias() + "." + schema + "." + name;
    boolean whole = access.onSource(Privilege.SELECT, source.id(), path, shown).allowed();
    Set<String> granted =
        whole ? Set.of() : access.sourceColumns(Privilege.SELECT, source.id(), schema, name);
    if (!whole && granted.isEmpty()) {
      throw DeniedException.missing(Privilege.SELECT.name(), shown);
    }
    RemoteTable table =
        source
            .table(schema, name)
            .orElseThrow(() -> NameResolver.notFound(reference.name(), position));
    TablePolicies policies = scope.asker().remote().apply(source, table);
    CollectionId key = new CollectionId(source.id() + "/" + String.join("/", path));
    return new ResolvedReference.Remote(
        reference,
        source,
        table,
        whole ? Optional.empty() : Optional.of(granted),
        policies(table.toString(), key, policies, scope));
  }

  /** The row filters and masks that the asker is under, on one table or view. */
  public AuthorizedPolicies policies(LakeCollection entry, Scope scope) {
    return policies(
        entry.ref().toString(), entry.id(), scope.asker().policies().apply(entry.id()), scope);
  }

  private AuthorizedPolicies policies(
      String on, CollectionId table, TablePolicies policies, Scope scope) {
    if (scope.applying().contains(table)) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "the row filters and masks on "
              + on
              + " would read "
              + on
              + " itself; let them read a table that has none");
    }
    if (policies.isEmpty()) {
      return AuthorizedPolicies.NONE;
    }
    Map<Integer, Optional<Expression>> masks = new HashMap<>();
    for (ColumnMask mask : policies.columnMasks()) {
      masks.put(
          mask.fieldId(),
          mask.expression()
              .map(text ->
                  expression("a column mask on " + on, text, mask.author(), on, table, scope)));
    }
    return new AuthorizedPolicies(
        policies.rowFilters().stream()
            .map(filter ->
                expression(
                    "row filter " + filter.name() + " on " + on,
                    filter.expression(),
                    filter.author(),
                    on,
                    table,
                    scope))
            .toList(),
        masks);
  }

  private Expression expression(
      String shown,
      String expression,
      Optional<PrincipalId> author,
      String on,
      CollectionId table,
      Scope scope) {
    PolicyText text = PolicyText.of(expressions.bind(expression, scope.asker().context()));
    if (text.subqueries().isEmpty()) {
      return new Expression(shown, text, List.of());
    }
    if (scope.applying().size() >= MAX_VIEW_DEPTH) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          "policies read each other deeper than " + MAX_VIEW_DEPTH + " at " + on);
    }
    Scope inside =
        scope.applying(table, author.flatMap(scope.owners()).orElseThrow(() -> unusable(shown)));
    try {
      return new Expression(
          shown,
          text,
          text.subqueries().stream()
              .map(subquery -> SqlText.of(subquery.query()))
              .map(query -> authorize(query, analyzer.analyze(query), inside))
              .toList());
    } catch (PolderException e) {
      throw switch (e.code()) {
        case COLLECTION_NOT_FOUND, ACCESS_DENIED -> unusable(shown);
        default -> e;
      };
    }
  }

  /** Says nothing of what the policy reads: the asker may know nothing of it. */
  private static PolderException unusable(String shown) {
    return new PolderException(
        ErrorCode.ACCESS_DENIED,
        shown
            + " cannot be applied: its author, or what it reads, is gone or no longer granted to"
            + " its author; an administrator must create it again");
  }

  /**
   * The columns that may be read when only some may.
   *
   * @throws PolderException ACCESS_DENIED when nothing may be read
   */
  private static Optional<Set<Integer>> readableColumns(
      Access access, LakeCollection entry, Schema schema) {
    String name = entry.ref().toString();
    if (access.onCollection(Privilege.SELECT, entry.schema(), entry.id(), name).allowed()) {
      return Optional.empty();
    }
    access.onColumns(Privilege.SELECT, entry.schema(), entry.id(), name, Map.of()).require();
    Set<Integer> readable = new LinkedHashSet<>();
    for (Types.NestedField field : schema.columns()) {
      if (access
          .onColumns(
              Privilege.SELECT,
              entry.schema(),
              entry.id(),
              name,
              Map.of(field.fieldId(), field.name()))
          .allowed()) {
        readable.add(field.fieldId());
      }
    }
    return Optional.of(readable);
  }

  private static int position(SqlText text, Optional<Span> span) {
    return span.map(s -> text.position(s.start())).orElse(-1);
  }
}
