package dev.polder.engine.internal.dml;

import dev.polder.engine.Description;
import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.Transactions;
import dev.polder.engine.internal.result.StreamedRows;
import dev.polder.sql.statement.CopyFrom;
import dev.polder.sql.statement.CopyTo;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.Delete;
import dev.polder.sql.statement.Insert;
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.Truncate;
import dev.polder.sql.statement.Update;
import java.util.List;
import java.util.Optional;

/** Runs the statements that change rows or move them. Stateless. */
public final class DataExecution {
  private DataExecution() {}

  /**
   * What a statement did.
   *
   * @param returned the temporary table that RETURNING filled
   */
  record Outcome(long rows, Optional<String> returned) {
    static Outcome of(long rows) {
      return new Outcome(rows, Optional.empty());
    }
  }

  /**
   * Runs one statement.
   *
   * @param ended runs when a result with rows is closed
   */
  public static Result run(StatementContext context, DataStatement statement, Runnable ended) {
    context.trail().runs(operation(statement), statement.text().toString());
    if (statement instanceof CopyTo copy) {
      long rows = CopyExecution.copyTo(context, copy);
      context.trail().read(rows);
      return new Result.Updated(rows, context.notices());
    }
    Optional<SourceTarget> remote = SourceTarget.of(context, statement);
    if (remote.isPresent()) {
      return write(context, remote.get(), statement);
    }
    Execution execution = context.execution();
    boolean handedOver = false;
    try {
      Outcome outcome =
          Transactions.change(
              context,
              operation(statement),
              inside -> {
                Outcome done = applied(inside, execution, statement);
                context.trail().changed(done.rows());
                return done;
              });
      if (outcome.returned().isEmpty()) {
        return new Result.Updated(outcome.rows(), context.notices());
      }
      Result returned =
          new StreamedRows(
              execution
                  .connection()
                  .query(
                      "SELECT * FROM " + outcome.returned().get(),
                      List.of(),
                      execution.allocator()),
              execution,
              error -> error,
              context.notices(),
              (rows, complete) -> ended.run());
      handedOver = true;
      return returned;
    } finally {
      if (!handedOver) {
        execution.close();
      }
    }
  }

  private static Result write(
      StatementContext context, SourceTarget target, DataStatement statement) {
    long rows =
        context.inExecution(execution -> {
          try (execution) {
            return SourceWrites.run(context, execution, target, statement).rows();
          }
        });
    context.trail().changedInSource(context.session(), rows);
    return new Result.Updated(rows, context.notices());
  }

  private static String operation(DataStatement statement) {
    return switch (statement) {
      case Insert insert -> "INSERT";
      case Update update -> "UPDATE";
      case Delete delete -> "DELETE";
      case Merge merge -> "MERGE";
      case Truncate truncate -> "TRUNCATE";
      case CopyFrom copy -> "COPY FROM";
      case CopyTo copy -> "COPY TO";
    };
  }

  /** The commit that follows may wait for others, so it does not happen on a native thread. */
  private static Outcome applied(
      StatementContext context, Execution execution, DataStatement statement) {
    return context
        .engine()
        .nativeThreads()
        .call(() -> apply(context, execution, statement), () -> context.cancellation().cancel());
  }

  private static Outcome apply(
      StatementContext context, Execution execution, DataStatement statement) {
    return switch (statement) {
      case Insert insert -> InsertExecution.run(context, execution, insert);
      case Update update -> UpdateExecution.run(context, execution, update);
      case Delete delete -> DeleteExecution.run(context, execution, delete);
      case Merge merge -> MergeExecution.run(context, execution, merge);
      case Truncate truncate -> DeleteExecution.truncate(context, truncate);
      case CopyFrom copy -> CopyExecution.copyFrom(context, execution, copy);
      case CopyTo copy -> throw new IllegalStateException("handled before");
    };
  }

  /** What a statement would answer: rows only with RETURNING. */
  public static Description describe(StatementContext context, DataStatement statement) {
    return Transactions.look(context, inside -> DataDescription.of(inside, statement));
  }
}
