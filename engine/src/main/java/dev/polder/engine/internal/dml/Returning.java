package dev.polder.engine.internal.dml;

import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.QueryBinding;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.UserErrors;
import dev.polder.engine.internal.source.SourceReads;
import dev.polder.model.PolderException;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.statement.SqlText;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * RETURNING: evaluated over the new rows, for DELETE the old ones, before they are committed, so
 * that an expression that fails fails the statement. Stateless.
 */
final class Returning {
  private Returning() {}

  /**
   * Fills a temporary table of the connection and gives its name.
   *
   * @param target the table, with its alias, as SQL
   * @param rows a SELECT of the table's columns
   */
  static String fill(
      StatementContext context,
      Execution execution,
      SqlText returning,
      String target,
      String rows) {
    SqlText head = SqlText.builder().append("SELECT ").append(returning).append(" FROM ").build();
    SqlText query = SqlText.builder().append(head).append(target).build();
    BoundQuery bound =
        new QueryBinding(context, execution)
            .bind(
                query,
                analysis -> TargetText.references(analysis, head.length()),
                Optional.of(rows))
            .query();
    UserErrors.use(execution, bound, SourceReads.Mode.REPEATED);
    String name = "temp.main." + "\"returned_" + UUID.randomUUID() + "\"";
    try {
      execution
          .connection()
          .execute("CREATE TEMP TABLE " + name + " AS " + bound.text(), List.of());
    } catch (PolderException e) {
      throw UserErrors.of(bound).apply(e);
    }
    return name;
  }
}
