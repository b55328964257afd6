package dev.polder.door.flight.internal;

import dev.polder.door.flight.FlightLimits;
import dev.polder.engine.Description;
import dev.polder.engine.IngestRequest;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import io.grpc.Context;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/** Runs statements for the current call: each can be cancelled, is timed and counted. */
final class Statements {
  private final FlightLimits limits;
  private final DoorMeters meters;
  private final Executor executor;
  private final PendingResults results;
  private final BufferAllocator allocator;

  Statements(
      FlightLimits limits,
      DoorMeters meters,
      Executor executor,
      PendingResults results,
      BufferAllocator allocator) {
    this.allocator = allocator;
    this.limits = limits;
    this.meters = meters;
    this.executor = executor;
    this.results = results;
  }

  Description describe(ClientSession client, String sql, Optional<String> transaction) {
    return meters.statement(
        "describe",
        () -> {
          try (Lease lease = client.lease(transaction)) {
            return lease.session().describe(sql);
          }
        });
  }

  /** Runs a statement for its count; −1 when it counts nothing. */
  long update(
      ClientSession client,
      String sql,
      List<@Nullable Object> parameters,
      Optional<String> transaction) {
    return meters.statement(
        "update",
        () -> {
          try (Lease lease = client.lease(transaction)) {
            return update(lease, sql, parameters);
          }
        });
  }

  /** Runs a statement once for each row of parameters; all of them take effect or none. */
  long updateAll(
      ClientSession client,
      String sql,
      List<List<@Nullable Object>> rows,
      Optional<String> transaction) {
    if (rows.size() <= 1) {
      return update(client, sql, rows.isEmpty() ? List.of() : rows.getFirst(), transaction);
    }
    return meters.statement(
        "update",
        () -> {
          try (Lease lease = client.lease(transaction)) {
            return lease.session().inTransaction()
                ? each(lease, sql, rows)
                : Transactions.within(lease, () -> each(lease, sql, rows));
          }
        });
  }

  private long each(Lease lease, String sql, List<List<@Nullable Object>> rows) {
    long sum = 0;
    for (List<@Nullable Object> parameters : rows) {
      if (Context.current().isCancelled()) {
        throw new PolderException(
            ErrorCode.STATEMENT_CANCELLED, "the client cancelled the batch; nothing was changed");
      }
      sum += Math.max(0, update(lease, sql, parameters));
    }
    return sum;
  }

  private long update(Lease lease, String sql, List<@Nullable Object> parameters) {
    return run(
        lease,
        sql,
        parameters,
        result ->
            switch (result) {
              case Result.Updated updated -> updated.count();
              case Result.Rows rows -> count(rows);
            });
  }

  private static long count(Result.Rows rows) {
    long count = 0;
    while (rows.next()) {
      count += rows.root().getRowCount();
    }
    return count;
  }

  /** Runs a statement that ends with the current call and hands over what it answered. */
  <T> T run(
      Lease lease, String sql, List<@Nullable Object> parameters, Function<Result, T> reader) {
    Session session = lease.session();
    session.traffic().received(bytes(sql));
    UUID id = UUID.randomUUID();
    Context call = Context.current();
    try (RunningStatement running = new RunningStatement(session, id, executor)) {
      Context.CancellationListener cancel = context -> running.cancel();
      call.addListener(cancel, Runnable::run);
      try (Result result =
          session.execute(sql, parameters, new StatementOptions(id, Optional.empty()))) {
        lease.ran(sql);
        T answer = reader.apply(result);
        Caller.current().notices().add(result.notices());
        return answer;
      } finally {
        call.removeListener(cancel);
      }
    }
  }

  long ingest(
      ClientSession client, IngestRequest request, ArrowReader data, Optional<String> transaction) {
    return meters.statement(
        "ingest",
        () -> {
          try (Lease lease = client.lease(transaction)) {
            Session session = lease.session();
            Context call = Context.current();
            Context.CancellationListener cancel = context -> session.cancel();
            call.addListener(cancel, Runnable::run);
            try {
              long rows = session.ingest(request, data);
              session.traffic().received(data.bytesRead());
              Caller.current().notices().add(session.notices());
              return rows;
            } finally {
              call.removeListener(cancel);
            }
          }
        });
  }

  private static long bytes(String sql) {
    return sql.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Runs an announced statement and streams its result; ends the call itself. */
  void stream(PendingResult pending, ServerStreamListener client) {
    try {
      meters.statement(
          "query",
          () -> {
            try (Lease lease = pending.session().lease(pending.transaction())) {
              stream(lease, pending, client);
            }
            return Boolean.TRUE;
          });
      client.completed();
    } catch (RuntimeException e) {
      client.error(Failures.status(e));
    } catch (Error e) {
      client.error(Failures.status(e));
      throw e;
    }
  }

  private void stream(Lease lease, PendingResult pending, ServerStreamListener client) {
    Session session = lease.session();
    session.traffic().received(bytes(pending.sql()));
    try (RunningStatement running = new RunningStatement(session, pending.statement(), executor)) {
      results.started(pending, running);
      BatchStream batches = new BatchStream(client, limits, meters, running);
      if (batches.cancelled()) {
        running.cancel();
      }
      try (Result result =
          session.execute(
              pending.sql(),
              pending.parameters(),
              new StatementOptions(pending.statement(), Optional.empty()))) {
        lease.ran(pending.sql());
        switch (result) {
          case Result.Rows rows -> session.traffic().sent(batches.send(rows));
          case Result.Updated updated -> CountTable.send(updated.count(), allocator, client);
        }
        Caller.current().notices().add(result.notices());
      }
    } finally {
      results.ended(pending);
    }
  }
}
