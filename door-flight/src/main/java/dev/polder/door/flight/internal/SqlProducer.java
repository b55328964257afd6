package dev.polder.door.flight.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.polder.door.flight.FlightLimits;
import dev.polder.engine.Description;
import dev.polder.engine.IngestRequest;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.CloseSessionRequest;
import org.apache.arrow.flight.CloseSessionResult;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.GetSessionOptionsRequest;
import org.apache.arrow.flight.GetSessionOptionsResult;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.SetSessionOptionsRequest;
import org.apache.arrow.flight.SetSessionOptionsResult;
import org.apache.arrow.flight.sql.CancelResult;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionBeginSavepointRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionBeginSavepointResult;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionBeginTransactionRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionBeginTransactionResult;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionClosePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementResult;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionEndSavepointRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionEndTransactionRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.DoPutUpdateResult;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Flight SQL's calls, each handed to the part that knows it. Thread-safe. */
final class SqlProducer extends MetadataProducer {
  private final ClientSessions sessions;
  private final PendingResults results;
  private final Statements statements;
  private final SessionOptions sessionOptions;
  private final BufferAllocator allocator;
  private final FlightLimits limits;

  SqlProducer(
      ClientSessions sessions,
      PendingResults results,
      Statements statements,
      BufferAllocator allocator,
      ExecutorService executor,
      FlightLimits limits,
      SqlInfoBuilder sqlInfo) {
    super(sessions, new CatalogMetadata(statements), sqlInfo, allocator, executor);
    this.sessions = sessions;
    this.results = results;
    this.statements = statements;
    this.sessionOptions = new SessionOptions(statements);
    this.allocator = allocator;
    this.limits = limits;
  }

  // Statements

  @Override
  public FlightInfo getFlightInfoStatement(
      CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return coded(() -> {
      ClientSession client = sessions.current();
      Optional<String> transaction = transaction(command.getTransactionId());
      String sql = command.getQuery();
      Description description = statements.describe(client, sql, transaction);
      PendingResult result = results.add(client, sql, List.of(), transaction);
      return announced(result, schema(description, 0), descriptor);
    });
  }

  @Override
  public SchemaResult getSchemaStatement(
      CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return coded(() ->
        new SchemaResult(
            rowSchema(
                statements.describe(
                    sessions.current(),
                    command.getQuery(),
                    transaction(command.getTransactionId())))));
  }

  @Override
  public void getStreamStatement(
      TicketStatementQuery ticket, CallContext context, ServerStreamListener listener) {
    start(
        listener,
        () ->
            statements.stream(
                results.take(
                    ticket.getStatementHandle().toString(UTF_8), Caller.current().identity()),
                listener));
  }

  @Override
  public Runnable acceptPutStatement(
      CommandStatementUpdate command,
      CallContext context,
      FlightStream stream,
      StreamListener<PutResult> ack) {
    return put(
        ack,
        () ->
            statements.update(
                sessions.current(),
                command.getQuery(),
                List.of(),
                transaction(command.getTransactionId())));
  }

  @Override
  public Runnable acceptPutStatementBulkIngest(
      CommandStatementIngest command,
      CallContext context,
      FlightStream stream,
      StreamListener<PutResult> ack) {
    return put(
        ack,
        () -> {
          IngestRequest request = Ingestion.request(command);
          ClientSession client = sessions.current();
          Optional<String> transaction = transaction(command.getTransactionId());
          if (command.hasCatalog()) {
            try (Lease lease = client.lease(transaction)) {
              Ingestion.checkCatalog(command, lease.session());
            }
          }
          // Not closed here: the reader owns nothing, and the stream is closed by the server.
          return statements.ingest(
              client, request, new StreamReader(stream, allocator), transaction);
        });
  }

  // Prepared statements

  @Override
  public void createPreparedStatement(
      ActionCreatePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    act(
        listener,
        () -> {
          ClientSession client = sessions.current();
          Optional<String> transaction = transaction(request.getTransactionId());
          Description description = statements.describe(client, request.getQuery(), transaction);
          String handle =
              client.prepare(new PreparedStatement(request.getQuery(), description, transaction));
          listener.onNext(
              result(
                  ActionCreatePreparedStatementResult.newBuilder()
                      .setPreparedStatementHandle(ByteString.copyFromUtf8(handle))
                      .setDatasetSchema(StatementSchemas.result(description))
                      .setParameterSchema(StatementSchemas.parameters(description))
                      .build()));
        });
  }

  @Override
  public void closePreparedStatement(
      ActionClosePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    act(
        listener,
        () -> sessions.current().forget(request.getPreparedStatementHandle().toString(UTF_8)));
  }

  @Override
  public FlightInfo getFlightInfoPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return coded(() -> {
      ClientSession client = sessions.current();
      PreparedStatement prepared =
          client.prepared(command.getPreparedStatementHandle().toString(UTF_8));
      List<List<@Nullable Object>> rows = prepared.rows();
      if (rows.size() > 1) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            "a query takes one row of parameters, not " + rows.size() + "; run it once for each");
      }
      List<@Nullable Object> parameters = rows.isEmpty() ? List.of() : rows.getFirst();
      // Described again: tables and grants may have changed since it was prepared.
      Description description = statements.describe(client, prepared.sql(), prepared.transaction());
      PendingResult result =
          results.add(client, prepared.sql(), parameters, prepared.transaction());
      return announced(result, schema(description, parameters.size()), descriptor);
    });
  }

  @Override
  public SchemaResult getSchemaPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return coded(() ->
        new SchemaResult(
            rowSchema(
                sessions
                    .current()
                    .prepared(command.getPreparedStatementHandle().toString(UTF_8))
                    .description())));
  }

  @Override
  public void getStreamPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, ServerStreamListener listener) {
    start(
        listener,
        () -> {
          throw new PolderException(
              ErrorCode.INVALID_PARAMETER,
              "a prepared statement is fetched with the ticket of its flight info");
        });
  }

  @Override
  public Runnable acceptPutPreparedStatementQuery(
      CommandPreparedStatementQuery command,
      CallContext context,
      FlightStream stream,
      StreamListener<PutResult> ack) {
    return () ->
        coded(() -> {
          PreparedStatement prepared =
              sessions.current().prepared(command.getPreparedStatementHandle().toString(UTF_8));
          prepared.bind(ParameterRows.read(stream, limits.parameterBytes()));
          ack.onCompleted();
          return Boolean.TRUE;
        });
  }

  @Override
  public Runnable acceptPutPreparedStatementUpdate(
      CommandPreparedStatementUpdate command,
      CallContext context,
      FlightStream stream,
      StreamListener<PutResult> ack) {
    return put(
        ack,
        () -> {
          ClientSession client = sessions.current();
          PreparedStatement prepared =
              client.prepared(command.getPreparedStatementHandle().toString(UTF_8));
          List<List<@Nullable Object>> rows = ParameterRows.read(stream, limits.parameterBytes());
          return statements.updateAll(client, prepared.sql(), rows, prepared.transaction());
        });
  }

  // Transactions and cancelling

  @Override
  public void beginTransaction(
      ActionBeginTransactionRequest request,
      CallContext context,
      StreamListener<ActionBeginTransactionResult> listener) {
    act(
        listener,
        () ->
            listener.onNext(
                ActionBeginTransactionResult.newBuilder()
                    .setTransactionId(
                        ByteString.copyFromUtf8(Transactions.begin(sessions.current())))
                    .build()));
  }

  @Override
  public void endTransaction(
      ActionEndTransactionRequest request, CallContext context, StreamListener<Result> listener) {
    act(
        listener,
        () -> {
          boolean commit =
              switch (request.getAction()) {
                case END_TRANSACTION_COMMIT -> true;
                case END_TRANSACTION_ROLLBACK -> false;
                case END_TRANSACTION_UNSPECIFIED, UNRECOGNIZED ->
                    throw new PolderException(
                        ErrorCode.INVALID_PARAMETER,
                        "the end of a transaction must be COMMIT or ROLLBACK");
              };
          Transactions.end(sessions.current(), request.getTransactionId().toString(UTF_8), commit);
        });
  }

  @Override
  public void beginSavepoint(
      ActionBeginSavepointRequest request,
      CallContext context,
      StreamListener<ActionBeginSavepointResult> listener) {
    act(listener, SqlProducer::refuseSavepoint);
  }

  @Override
  public void endSavepoint(
      ActionEndSavepointRequest request, CallContext context, StreamListener<Result> listener) {
    act(listener, SqlProducer::refuseSavepoint);
  }

  private static void refuseSavepoint() {
    throw new PolderException(
        ErrorCode.NOT_SUPPORTED, "savepoints are not supported; use a transaction of its own");
  }

  @Override
  public void cancelFlightInfo(
      CancelFlightInfoRequest request, CallContext context, StreamListener<CancelStatus> listener) {
    act(
        listener,
        () ->
            listener.onNext(
                cancel(request.getInfo()) ? CancelStatus.CANCELLED : CancelStatus.NOT_CANCELLABLE));
  }

  @Override
  @SuppressWarnings("deprecation")
  public void cancelQuery(
      FlightInfo info, CallContext context, StreamListener<CancelResult> listener) {
    act(
        listener,
        () ->
            listener.onNext(cancel(info) ? CancelResult.CANCELLED : CancelResult.NOT_CANCELLABLE));
  }

  private boolean cancel(FlightInfo info) {
    boolean cancelled = false;
    for (FlightEndpoint endpoint : info.getEndpoints()) {
      Optional<String> handle = Tickets.statement(endpoint.getTicket());
      if (handle.isPresent()) {
        cancelled |= results.cancel(handle.get(), Caller.current().identity());
      }
    }
    return cancelled;
  }

  // Session options

  @Override
  public void setSessionOptions(
      SetSessionOptionsRequest request,
      CallContext context,
      StreamListener<SetSessionOptionsResult> listener) {
    act(
        listener,
        () ->
            listener.onNext(
                new SetSessionOptionsResult(
                    sessionOptions.set(sessions.current(), request.getSessionOptions()))));
  }

  @Override
  public void getSessionOptions(
      GetSessionOptionsRequest request,
      CallContext context,
      StreamListener<GetSessionOptionsResult> listener) {
    act(
        listener,
        () -> listener.onNext(new GetSessionOptionsResult(sessionOptions.get(sessions.current()))));
  }

  @Override
  public void closeSession(
      CloseSessionRequest request,
      CallContext context,
      StreamListener<CloseSessionResult> listener) {
    act(
        listener,
        () ->
            listener.onNext(
                new CloseSessionResult(
                    sessions.closeCurrent()
                        ? CloseSessionResult.Status.CLOSED
                        : CloseSessionResult.Status.NOT_CLOSABLE)));
  }

  // How calls end

  private static FlightInfo announced(
      PendingResult result, Optional<Schema> schema, FlightDescriptor descriptor) {
    TicketStatementQuery ticket =
        TicketStatementQuery.newBuilder()
            .setStatementHandle(ByteString.copyFromUtf8(result.handle()))
            .build();
    return info(ticket, schema.orElse(null), descriptor);
  }

  // What only a value decides is not announced wrongly; the stream itself says it.
  private static Optional<Schema> schema(Description description, int parameters) {
    return parameters > 0 && description.parameters().contains("UNKNOWN")
        ? Optional.empty()
        : Optional.of(rowSchema(description));
  }

  private static Schema rowSchema(Description description) {
    return description.returnsRows() ? description.schema() : CountTable.SCHEMA;
  }

  private static Optional<String> transaction(ByteString id) {
    return id.isEmpty() ? Optional.empty() : Optional.of(id.toString(UTF_8));
  }

  private static Result result(Message message) {
    return new Result(Any.pack(message).toByteArray());
  }

  private static <T> T coded(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw Failures.status(e);
    }
  }

  private static <T> void act(StreamListener<T> listener, Runnable work) {
    try {
      work.run();
      listener.onCompleted();
    } catch (RuntimeException e) {
      listener.onError(Failures.status(e));
    }
  }

  private Runnable put(StreamListener<PutResult> ack, Supplier<Long> work) {
    return () ->
        coded(() -> {
          long count = Math.max(0, work.get());
          byte[] bytes = DoPutUpdateResult.newBuilder().setRecordCount(count).build().toByteArray();
          try (ArrowBuf buffer = allocator.buffer(bytes.length)) {
            buffer.writeBytes(bytes);
            ack.onNext(PutResult.metadata(buffer));
          }
          ack.onCompleted();
          return Boolean.TRUE;
        });
  }
}
