package dev.polder.engine.internal.execute;

import dev.polder.engine.Description;
import dev.polder.engine.Result;
import dev.polder.engine.internal.define.DefinitionExecution;
import dev.polder.engine.internal.dml.DataExecution;
import dev.polder.engine.internal.show.AdminExecution;
import dev.polder.engine.internal.show.ShowExecution;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.AdminStatement;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.DefinitionStatement;
import dev.polder.sql.statement.Explain;
import dev.polder.sql.statement.Query;
import dev.polder.sql.statement.SessionStatement;
import dev.polder.sql.statement.ShowStatement;
import dev.polder.sql.statement.Statement;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/** Sends each kind of statement to what runs it. Stateless. */
public final class StatementExecutor {
  private StatementExecutor() {}

  /**
   * Runs a statement.
   *
   * @param ended runs when a result with rows is closed; not for other results
   */
  public static Result execute(StatementContext context, Statement statement, Runnable ended) {
    try {
      return run(context, statement, ended);
    } catch (RuntimeException e) {
      context.trail().failed();
      throw e;
    }
  }

  private static Result run(StatementContext context, Statement statement, Runnable ended) {
    return switch (statement) {
      case Query query -> {
        StaleReads.check(context, query.consistency());
        yield QueryExecution.run(context, query.text(), ended);
      }
      case Explain explain -> ExplainExecution.run(context, explain, ended);
      case DataStatement data -> DataExecution.run(context, data, ended);
      case DefinitionStatement definition -> DefinitionExecution.run(context, definition);
      case ShowStatement show -> ShowExecution.run(context, show);
      case SessionStatement session -> SessionExecution.run(context, session, ended);
      case AdminStatement admin -> AdminExecution.run(context, admin);
    };
  }

  /** What a statement would answer. */
  public static Description describe(StatementContext context, Statement statement) {
    return switch (statement) {
      case Query query -> QueryExecution.describe(context, query.text());
      case DataStatement data -> DataExecution.describe(context, data);
      case Explain explain ->
          new Description(true, ExplainExecution.COLUMNS, ExplainExecution.SCHEMA, List.of());
      case ShowStatement show -> ShowExecution.describe(context, show);
      case SessionStatement session ->
          SessionExecution.readsOnly(session) ? ran(context, statement) : nothing();
      case AdminStatement admin -> AdminExecution.describe(context, admin);
      case DefinitionStatement definition -> nothing();
    };
  }

  /** Statements that only look are described by looking. */
  private static Description ran(StatementContext context, Statement statement) {
    try (Result result = execute(context, statement, () -> {})) {
      return switch (result) {
        case Result.Rows rows -> new Description(true, rows.columns(), rows.schema(), List.of());
        case Result.Updated updated -> nothing();
      };
    }
  }

  private static Description nothing() {
    return new Description(false, List.of(), new Schema(List.of()), List.of());
  }

  /** Refuses a statement that changes something inside a read-only transaction. */
  static void requireWritable(StatementContext context) {
    if (context.session().transaction().filter(open -> open.readOnly()).isPresent()) {
      throw new PolderException(
          ErrorCode.READ_ONLY, "the transaction is read-only; COMMIT it first");
    }
  }
}
