package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.model.DatabaseName;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Access;
import dev.polder.sql.statement.SourceStatement;
import java.util.List;
import java.util.Optional;

/**
 * SHOW SOURCES: to administrators all of the space's, to others those that they hold a grant on or
 * in. Neither SQL nor properties are told. Stateless.
 */
final class SourceStatements {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("alias"),
          Table.text("kind"),
          Table.flag("read_only"),
          Table.flag("disabled"),
          Table.text("description"));

  private SourceStatements() {}

  static Result run(Work work, SourceStatement statement) {
    return switch (statement) {
      case SourceStatement.ShowSources(var _, var database) -> show(work, database);
    };
  }

  private static Result show(Work work, Optional<DatabaseName> database) {
    Table rows =
        work.read(tx -> {
          SpaceKey space =
              new Places(work, tx).space(database.map(DatabaseName::value), Optional.empty());
          Access access = work.context().engine().accessControl().access(tx, work.actor(), space);
          Table shown = Table.of(COLUMNS);
          for (Source source : tx.sources().list(space)) {
            if (access.administrator() || access.visibleSource(source.id(), List.of())) {
              add(shown, source.definition());
            }
          }
          return shown;
        });
    return rows.answer(work.context());
  }

  private static void add(Table shown, SourceDefinition source) {
    shown.add(
        source.alias().value(),
        source.connector().orElse("setup_sql"),
        source.readOnly(),
        source.disabled(),
        source.description().orElse(null));
  }
}
