package dev.polder.engine.internal.execute;

import dev.polder.duck.Sql;
import dev.polder.engine.internal.session.SessionState;
import dev.polder.sql.bind.CatalogContents.Definition;
import java.util.List;
import java.util.Locale;

/**
 * Functions about the session, as macros that stand before DuckDB's own: those would tell about the
 * instance.
 */
final class SessionMacros {
  private SessionMacros() {}

  /** Those that the text may use. */
  static List<Definition.Macro> of(SessionState session, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return all(session).stream().filter(macro -> lower.contains(macro.name())).toList();
  }

  private static List<Definition.Macro> all(SessionState session) {
    String schema = session.schema().value();
    String user = Sql.literal(session.identity().name().value());
    String database = Sql.literal(session.database().value());
    String current = Sql.literal(schema);
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
