package dev.polder.engine.internal.dml;

import dev.polder.engine.internal.define.Targets;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.QueryBinding;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.UserErrors;
import dev.polder.engine.internal.source.SourceReads;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.model.PolderException;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Fills a table that a statement makes with a query's rows. Stateless. */
public final class TableFilling {
  private TableFilling() {}

  /**
   * Runs the query and writes its rows.
   *
   * @param table makes the table, after the query was bound: it may read what the table replaces
   * @return rows written
   */
  public static long run(
      StatementContext context, Targets targets, SqlText query, Supplier<LakeCollection> table) {
    try (Execution execution = context.execution()) {
      BoundQuery bound = new QueryBinding(context, execution).bind(query).query();
      QueryBinding.recordReads(context, bound);
      UserErrors.use(execution, bound, SourceReads.Mode.REPEATED);
      LakeCollection made = table.get();
      TableState state = context.writing().tableState(made);
      List<String> positions = new ArrayList<>();
      for (int i = 0; i < state.schema().columns().size(); i++) {
        positions.add("c" + i);
      }
      String select =
          InsertExecution.projection(
              state, state.schema().columns(), "(" + bound.text() + "\n)", positions);
      try {
        return InsertExecution.write(
                context,
                execution,
                targets,
                made,
                state,
                select,
                context.parameters(),
                Optional.empty())
            .rows();
      } catch (PolderException e) {
        throw UserErrors.of(bound).apply(e);
      }
    }
  }
}
