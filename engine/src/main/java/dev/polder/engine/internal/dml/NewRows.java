package dev.polder.engine.internal.dml;

import dev.polder.engine.internal.define.Targets;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.QueryBinding;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.LakeCollection;
import dev.polder.policy.DeniedException;
import dev.polder.sql.bind.Binder;
import java.util.List;
import java.util.Optional;

/**
 * Rows about to be written, held against the writer's own row filters: nobody writes a row that
 * they could not read back. For one statement.
 */
final class NewRows {
  private final StatementContext context;
  private final Execution execution;
  private final Targets targets;
  private final LakeCollection table;

  NewRows(StatementContext context, Execution execution, Targets targets, LakeCollection table) {
    this.context = context;
    this.execution = execution;
    this.targets = targets;
    this.table = table;
  }

  /**
   * Checks rows.
   *
   * @param rows a SELECT of the table's columns
   */
  void check(String rows) {
    if (targets.access().policies(table.id()).rowFilters().isEmpty()) {
      return;
    }
    Optional<Binder.Condition> condition = new QueryBinding(context, execution).rowFilter(table);
    if (condition.isEmpty()) {
      return;
    }
    execution.use(condition.get().contents());
    Object hidden =
        execution
            .connection()
            .rows(
                "SELECT count(*) FROM ("
                    + rows
                    + ") AS t WHERE NOT coalesce("
                    + condition.get().sql()
                    + ", false)",
                List.of())
            .getFirst()
            .getFirst();
    if (!(hidden instanceof Number count) || count.longValue() > 0) {
      throw new DeniedException(
          table.ref().toString(),
          "a new row of " + table.ref() + " would not pass your row filter; nothing was written");
    }
  }
}
