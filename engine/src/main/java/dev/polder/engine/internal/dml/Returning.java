package dev.polder.engine.internal.dml;

import dev.polder.duck.write.WrittenFile;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.QueryBinding;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.UserErrors;
import dev.polder.lake.TableState;
import dev.polder.model.PolderException;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.statement.Insert;
import dev.polder.sql.statement.SqlText;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * RETURNING: evaluated over the new rows before they are committed, so that an expression that
 * fails fails the statement. Stateless.
 */
final class Returning {
  private Returning() {}

  /** Fills a temporary table of the connection and gives its name. */
  static String fill(
      StatementContext context,
      Execution execution,
      Insert insert,
      List<WrittenFile> files,
      TableState state) {
    SqlText head =
        SqlText.builder()
            .append("SELECT ")
            .append(insert.returning().orElseThrow())
            .append(" FROM ")
            .build();
    SqlText query = SqlText.builder().append(head).append(InsertExecution.table(insert)).build();
    BoundQuery bound =
        new QueryBinding(context, execution)
            .bind(
                query,
                analysis -> TargetText.references(analysis, head.length()),
                Optional.of(StagedScan.sql(files, state)))
            .query();
    UserErrors.use(execution, bound);
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
