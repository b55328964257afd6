package dev.polder.door.http.internal.sql;

import dev.polder.door.http.internal.Ids;
import dev.polder.door.http.internal.Metrics;
import dev.polder.door.http.internal.RunningStatements;
import dev.polder.door.http.internal.RunningStatements.Running;
import dev.polder.door.http.internal.Sessions;
import dev.polder.door.http.internal.Sessions.Lease;
import dev.polder.door.http.internal.result.ResultFormat;
import dev.polder.door.http.internal.result.ResultWriter;
import dev.polder.door.http.internal.result.ResultWriter.Summary;
import dev.polder.engine.Result;
import dev.polder.engine.StatementOptions;
import dev.polder.engine.Traffic;
import dev.polder.http.Exchange;
import dev.polder.http.Failure;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.http.Route;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.Notice;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs a statement and streams its result; cancels one. Thread-safe. */
public final class SqlEndpoints {
  private final Sessions sessions;
  private final RunningStatements running;
  private final Metrics metrics;

  public SqlEndpoints(Sessions sessions, RunningStatements running, Metrics metrics) {
    this.sessions = sessions;
    this.running = running;
    this.metrics = metrics;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/sql", this::run), Route.post("/api/sql/{statement}/cancel", this::cancel));
  }

  private void run(Exchange exchange) throws IOException {
    ResultFormat format = ResultFormat.negotiate(exchange.header("Accept"));
    UUID statement =
        exchange
            .header("X-Polder-Statement-Id")
            .map(id ->
                Ids.parse(id).orElseThrow(() -> Fields.bad("X-Polder-Statement-Id must be a UUID")))
            .orElseGet(UUID::randomUUID);
    byte[] body = exchange.jsonBody();
    SqlRequest request = SqlRequest.parse(body);
    long started = System.nanoTime();
    String outcome = ErrorCode.INTERNAL_ERROR.name();
    try (Lease lease = sessions.lease(exchange);
        Running entry = running.start(exchange, statement, lease.session())) {
      exchange.response().setHeader("X-Polder-Statement-Id", entry.statement().toString());
      lease.session().traffic().received(body.length);
      DatabaseName bound = lease.session().database();
      try (Result result =
          lease
              .session()
              .execute(
                  request.sql(),
                  request.parameters(),
                  new StatementOptions(statement, request.timeout()))) {
        refuseLostTransaction(lease);
        exchange.response().setContentType(format.contentType());
        @Nullable Failure failure =
            write(
                exchange,
                lease.session().traffic(),
                format,
                result,
                notices(lease, bound, result),
                started);
        outcome = failure == null ? "ok" : failure.code().name();
      }
    } catch (PolderException e) {
      outcome = e.code().name();
      throw e;
    } finally {
      metrics.statement(format.name(), outcome, System.nanoTime() - started);
    }
  }

  /**
   * Writes the result.
   *
   * @return what went wrong after the response had begun; before that it is thrown
   */
  private static @Nullable Failure write(
      Exchange exchange,
      Traffic traffic,
      ResultFormat format,
      Result result,
      List<Notice> notices,
      long started)
      throws IOException {
    ResultWriter writer =
        format.writer(new CountedOutput(exchange.response().getOutputStream(), traffic));
    switch (result) {
      case Result.Updated updated ->
          writer.updated(new Summary(0, updated.count(), System.nanoTime() - started, notices));
      case Result.Rows rows -> {
        try {
          rows(writer, rows, started);
        } catch (PolderException e) {
          if (!exchange.response().isCommitted()) {
            throw e;
          }
          Failure failure = Failure.of(e);
          writer.fail(failure);
          exchange.response().flushBuffer();
          exchange.abort(e);
          return failure;
        }
      }
    }
    return null;
  }

  private static void rows(ResultWriter writer, Result.Rows rows, long started) throws IOException {
    // The first batch before the first byte: most failures still get a status of their own.
    boolean more = rows.next();
    writer.begin(rows.columns(), rows.root());
    long count = 0;
    while (more) {
      count += rows.root().getRowCount();
      writer.batch(rows.root());
      more = rows.next();
    }
    writer.end(new Summary(count, -1, System.nanoTime() - started, rows.notices()));
  }

  /** Without a session of its own, USE holds for nothing that comes. */
  private static List<Notice> notices(Lease lease, DatabaseName bound, Result result) {
    if (lease.lasting() || lease.session().database().equals(bound)) {
      return result.notices();
    }
    List<Notice> notices = new ArrayList<>(result.notices());
    notices.add(
        new Notice(
            "UNCHANGED",
            "USE changes nothing here: each request without a session is bound anew; name the"
                + " database in X-Polder-Database, or open a session with POST /api/session"));
    return notices;
  }

  /** Without a session of its own, BEGIN would be rolled back in silence. */
  private static void refuseLostTransaction(Lease lease) {
    if (!lease.lasting() && lease.session().inTransaction()) {
      throw Fields.bad(
          "a transaction needs a session: open one with POST /api/session and send its id in"
              + " X-Polder-Session");
    }
  }

  private void cancel(Exchange exchange) throws IOException {
    String id = exchange.pathParameter("statement");
    UUID statement =
        Ids.parse(id)
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.STATEMENT_NOT_FOUND,
                    "no statement '" + Fields.shortened(id) + "' of yours is running"));
    running.cancel(exchange.identity().id(), statement);
    exchange.reply(
        200,
        Json.MAPPER
            .createObjectNode()
            .put("statement", statement.toString())
            .put("cancelled", true));
  }
}
