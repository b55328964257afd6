package dev.polder.engine.internal.define;

import dev.polder.engine.Description;
import dev.polder.engine.internal.dml.TableFilling;
import dev.polder.engine.internal.execute.Described;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableDefinition;
import dev.polder.sql.statement.CreateTableAs;
import java.util.Optional;

/** CREATE TABLE … AS. Stateless. */
final class CreateTableAsExecution {
  private CreateTableAsExecution() {}

  /** Gives the rows written. */
  static long run(StatementContext context, Targets targets, CreateTableAs create) {
    Optional<LakeCollection> existing =
        DefinitionExecution.replaced(
            context, targets, create.name(), create.ifNotExists(), create.orReplace(), false);
    if (existing.isPresent() && create.ifNotExists()) {
      return 0;
    }
    Description described = Described.query(context, create.query());
    TableDefinition definition =
        TableDefinitions.of(
            context,
            ViewCreation.Columns.named(described.columns(), create.columns()),
            create.partitioning(),
            create.properties(),
            create.comment());
    if (!create.withData()) {
      DefinitionExecution.put(context, targets, create.name(), existing, definition);
      return 0;
    }
    context.trail().names(targets.ref(create.name()).toString());
    long rows =
        TableFilling.run(
            context,
            targets,
            create.query(),
            () -> DefinitionExecution.put(context, targets, create.name(), existing, definition));
    context.trail().changed(context, "CREATE TABLE AS", create.text().toString(), rows);
    return rows;
  }
}
