package dev.polder.engine.internal.dml;

import dev.polder.engine.internal.define.Targets;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.LakeCollection;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.RowFilter;
import java.util.List;
import java.util.stream.Collectors;

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
    List<RowFilter> filters = targets.access().policies(table.id()).rowFilters();
    if (filters.isEmpty()) {
      return;
    }
    String condition =
        filters.stream()
            .map(filter ->
                "("
                    + context
                        .engine()
                        .policyExpression()
                        .bind(filter.expression(), targets.access().context())
                    + "\n)")
            .collect(Collectors.joining(" AND "));
    Object hidden =
        execution
            .connection()
            .rows(
                "SELECT count(*) FROM ("
                    + rows
                    + ") AS t WHERE NOT coalesce("
                    + condition
                    + ", false)",
                List.of())
            .getFirst()
            .getFirst();
    if (!(hidden instanceof Number count) || count.longValue() > 0) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "a new row of " + table.ref() + " would not pass your row filter; nothing was written");
    }
  }
}
