package dev.polder.engine.internal.execute;

import dev.polder.duck.PreparedShape;
import dev.polder.duck.QueryResult;
import dev.polder.engine.Description;
import dev.polder.engine.Result;
import dev.polder.engine.internal.result.StreamedRows;
import dev.polder.engine.internal.source.SourceReads;
import dev.polder.federation.SourceChangedException;
import dev.polder.model.PolderException;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.statement.SqlText;
import java.util.List;

/** Runs and describes queries. Stateless. */
final class QueryExecution {
  private QueryExecution() {}

  /**
   * Starts a query.
   *
   * @param ended runs when the result is closed
   */
  static Result.Rows run(StatementContext context, SqlText text, Runnable ended) {
    context.trail().runs("SELECT", text.toString());
    try {
      return attempt(context, text, ended);
    } catch (SourceChangedException changed) {
      // What was known of a table was old, and is forgotten now.
      return attempt(context, text, ended);
    }
  }

  private static Result.Rows attempt(StatementContext context, SqlText text, Runnable ended) {
    return context.inExecution(execution -> {
      BoundQuery bound = new QueryBinding(context, execution).bind(text).query();
      QueryBinding.recordReads(context, bound);
      return start(
          context,
          execution,
          bound,
          (rows, complete) -> {
            ended.run();
            context.trail().handedOut(context.engine().auditLog(), rows, complete);
          });
    });
  }

  /** Runs a bound query and gives all that it holds to the result. */
  private static Result.Rows start(
      StatementContext context, Execution execution, BoundQuery bound, StreamedRows.Ended ended) {
    UserErrors.use(execution, bound, Reading.of(bound));
    try {
      QueryResult result =
          execution
              .connection()
              .query(
                  ResultNames.named(context, execution, bound.text().toString()),
                  context.parameters(),
                  execution.allocator());
      execution.hold(result);
      return new StreamedRows(
          result,
          execution,
          error ->
              execution
                  .sourceFailure()
                  .orElseGet(() ->
                      context
                          .engine()
                          .quotaErrors()
                          .apply(context.session().space(), UserErrors.of(bound).apply(error))),
          context.notices(),
          ended);
    } catch (PolderException e) {
      throw execution.sourceFailure().orElseGet(() -> UserErrors.of(bound).apply(e));
    }
  }

  /** What a query would answer. */
  static Description describe(StatementContext context, SqlText text) {
    return context.inExecution(execution -> {
      try (execution) {
        BoundQuery bound = new QueryBinding(context, execution).bind(text).query();
        return context
            .engine()
            .statements()
            .description(
                bound,
                context.session().settings().timeZone(),
                () -> describe(context, execution, bound));
      }
    });
  }

  private static Description describe(
      StatementContext context, Execution execution, BoundQuery bound) {
    UserErrors.use(execution, bound, SourceReads.Mode.SHAPE);
    try {
      PreparedShape shape =
          execution
              .connection()
              .describe(
                  ResultNames.named(context, execution, bound.text().toString()),
                  execution.allocator());
      return new Description(
          true,
          shape.columns().stream()
              .map(column -> new Result.Column(column.name(), column.duckType()))
              .toList(),
          shape.schema(),
          types(shape.parameterTypes()));
    } catch (PolderException e) {
      throw UserErrors.of(bound).apply(e);
    }
  }

  private static List<String> types(List<@org.jspecify.annotations.Nullable String> types) {
    return types.stream().map(type -> type == null ? "UNKNOWN" : type).toList();
  }
}
