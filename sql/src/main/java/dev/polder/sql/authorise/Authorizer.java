package dev.polder.sql.authorise;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.TimeTravel;
import dev.polder.lake.ViewState;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.Privilege;
import dev.polder.policy.Access;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.FunctionPolicy;
import dev.polder.sql.analyse.FunctionReference;
import dev.polder.sql.analyse.QueryAnalyzer;
import dev.polder.sql.analyse.Span;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
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

  /**
   * @param analyzer reads the texts of views
   */
  public Authorizer(QueryAnalyzer analyzer) {
    this.analyzer = analyzer;
  }

  /**
   * Authorises a query.
   *
   * @throws PolderException COLLECTION_NOT_FOUND, ACCESS_DENIED, FUNCTION_NOT_ALLOWED
   */
  public AuthorizedQuery authorize(SqlText text, Analysis analysis, Scope scope) {
    for (FunctionReference function : analysis.functions()) {
      FunctionPolicy.check(function, position(text, function.span()));
    }
    List<ResolvedReference> references = new ArrayList<>();
    for (TableReference reference : analysis.tables()) {
      references.add(resolve(text, reference, scope));
    }
    return new AuthorizedQuery(text, analysis, scope.schema(), references);
  }

  private ResolvedReference resolve(SqlText text, TableReference reference, Scope scope) {
    Optional<TimeTravel> at =
        Optional.ofNullable(scope.times().get(reference.index())).or(scope::inherited);
    NameResolver.Named named =
        NameResolver.find(reference.name(), scope, at)
            .orElseThrow(
                () -> NameResolver.notFound(reference.name(), position(text, reference.span())));
    return switch (named) {
      case NameResolver.Named.Metadata(var relation) ->
          new ResolvedReference.Metadata(reference, relation);
      case NameResolver.Named.Collection(var entry) ->
          entry.isView() ? view(reference, entry, scope, at) : table(reference, entry, scope);
    };
  }

  private static ResolvedReference table(
      TableReference reference, LakeCollection entry, Scope scope) {
    TableState state = scope.reader().table(entry);
    Optional<Set<Integer>> columns = readableColumns(scope.access(), entry, state.schema());
    return new ResolvedReference.Table(reference, entry, columns);
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
    return new ResolvedReference.View(reference, entry, state, inner, columns);
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
