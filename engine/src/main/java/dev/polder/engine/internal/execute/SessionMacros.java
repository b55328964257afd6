package dev.polder.engine.internal.execute;

import dev.polder.duck.Sql;
import dev.polder.engine.internal.session.SessionState;
import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.authorise.SourcePlace;
import dev.polder.sql.bind.CatalogContents.Definition;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Functions about the session, as macros that stand before DuckDB's own: those would tell about the
 * instance.
 */
final class SessionMacros {
  private SessionMacros() {}

  /** Those that the text, the views in it or the policies on them may use. */
  static List<Definition.Macro> of(SessionState session, AuthorizedQuery query) {
    List<Definition.Macro> all = all(session);
    return isUnderPolicies(query)
        ? all
        : all.stream().filter(macro -> mentions(query, macro.name())).toList();
  }

  private static boolean mentions(AuthorizedQuery query, String function) {
    return query.text().toString().toLowerCase(Locale.ROOT).contains(function)
        || views(query).anyMatch(view -> mentions(view.query(), function));
  }

  private static boolean isUnderPolicies(AuthorizedQuery query) {
    return query.references().stream()
            .anyMatch(reference ->
                switch (reference) {
                  case ResolvedReference.Table table -> !table.policies().isEmpty();
                  case ResolvedReference.View view -> !view.policies().isEmpty();
                  case ResolvedReference.Remote remote -> !remote.policies().isEmpty();
                  case ResolvedReference.Metadata metadata -> false;
                })
        || views(query).anyMatch(view -> isUnderPolicies(view.query()));
  }

  private static Stream<ResolvedReference.View> views(AuthorizedQuery query) {
    return query.references().stream()
        .filter(ResolvedReference.View.class::isInstance)
        .map(ResolvedReference.View.class::cast);
  }

  private static List<Definition.Macro> all(SessionState session) {
    String schema = session.schema().value();
    String user = Sql.literal(session.identity().name().value());
    String database =
        Sql.literal(
            session.place().map(SourcePlace::alias).orElseGet(() -> session.database().value()));
    String current = Sql.literal(session.place().map(SourcePlace::schema).orElse(schema));
    return List.of(
        macro(schema, "current_user", user),
        macro(schema, "session_user", user),
        macro(schema, "user", user),
        macro(schema, "current_role", user),
        macro(schema, "current_database", database),
        macro(schema, "current_catalog", database),
        macro(schema, "current_schema", current),
        new Definition.Macro(
            schema,
            "current_schemas",
            "implicit",
            "CASE WHEN implicit THEN ['pg_catalog', " + current + "] ELSE [" + current + "] END"),
        macro(schema, "version", "'Polder'"));
  }

  private static Definition.Macro macro(String schema, String name, String body) {
    return new Definition.Macro(schema, name, "", body);
  }
}
