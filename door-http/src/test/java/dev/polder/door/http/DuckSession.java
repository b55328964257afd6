package dev.polder.door.http;

import dev.polder.engine.Description;
import dev.polder.engine.IngestRequest;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.SessionId;
import dev.polder.engine.SessionRequest;
import dev.polder.engine.StatementOptions;
import dev.polder.engine.Traffic;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.Notice;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;

/** A session that is a plain DuckDB connection, with a platform thread of its own. */
final class DuckSession implements Session {
  private record Active(UUID statement, PreparedStatement prepared) {}

  private final Traffic traffic = new Traffic();
  private final AtomicLong bindings = new AtomicLong(1);
  private volatile boolean open = true;
  private final SessionId id = new SessionId(UUID.randomUUID());
  private final SessionRequest request;
  private final DuckDBConnection connection;
  private final BufferAllocator allocator;
  private final Runnable onClose;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("duck-session-", 0).factory());
  private final AtomicReference<Active> active = new AtomicReference<>();
  private volatile boolean inTransaction;
  private volatile boolean cancelled;
  private volatile String database;

  DuckSession(
      SessionRequest request,
      DuckDBConnection connection,
      BufferAllocator allocator,
      Runnable onClose) {
    this.request = request;
    this.connection = connection;
    this.allocator = allocator;
    this.onClose = onClose;
    this.database = request.database().orElse("default");
  }

  @Override
  public SessionId id() {
    return id;
  }

  @Override
  public Identity identity() {
    return request.identity();
  }

  @Override
  public TenantId tenant() {
    return new TenantId(request.tenant().orElse("default"));
  }

  @Override
  public DatabaseName database() {
    return new DatabaseName(database);
  }

  @Override
  public long bindings() {
    return bindings.get();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public Result execute(String sql, List<Object> parameters, StatementOptions options) {
    return onThread(() -> {
      String word = sql.strip().split("\\s+", 2)[0].toUpperCase(java.util.Locale.ROOT);
      if (word.equals("USE")) {
        bindings.incrementAndGet();
        database = sql.strip().split("\\s+", 2)[1];
        return new Result.Updated(-1, List.of());
      }
      PreparedStatement prepared = connection.prepareStatement(sql);
      active.set(new Active(options.statement(), prepared));
      for (int i = 0; i < parameters.size(); i++) {
        prepared.setObject(i + 1, parameter(parameters.get(i)));
      }
      if (prepared.execute()) {
        DuckDBResultSet rows = (DuckDBResultSet) prepared.getResultSet();
        return new DuckRows(this, prepared, rows, allocator);
      }
      long count = prepared.getUpdateCount();
      ended();
      prepared.close();
      switch (word) {
        case "BEGIN" -> inTransaction = true;
        case "COMMIT", "ROLLBACK" -> inTransaction = false;
        default -> {}
      }
      boolean dml = List.of("INSERT", "UPDATE", "DELETE").contains(word);
      return new Result.Updated(
          dml ? count : -1,
          word.equals("CREATE") ? List.of(new Notice("TEST", "created")) : List.of());
    });
  }

  private Object parameter(Object value) throws SQLException {
    return switch (value) {
      case List<?> list -> connection.createArrayOf("BIGINT", list.toArray());
      case OffsetDateTime time -> time;
      case null -> null;
      default -> value;
    };
  }

  void ended() {
    active.set(null);
  }

  <T> T onThread(Callable<T> work) {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      ended();
      throw cancelled
          ? new PolderException(ErrorCode.STATEMENT_CANCELLED, "cancelled")
          : failure(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static RuntimeException failure(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (text.contains("INTERRUPT")) {
      return new PolderException(ErrorCode.STATEMENT_CANCELLED, "cancelled");
    }
    String kind = text.split(":", 2)[0];
    ErrorCode code =
        switch (kind) {
          case "Parser Error" -> ErrorCode.SYNTAX_ERROR;
          case "Catalog Error" -> ErrorCode.COLLECTION_NOT_FOUND;
          case "Binder Error" -> ErrorCode.BINDING_ERROR;
          case "Conversion Error" -> ErrorCode.CONVERSION_ERROR;
          case "Invalid Input Error" -> ErrorCode.DATA_EXCEPTION;
          default -> null;
        };
    if (code == null) {
      return new IllegalStateException(text, cause);
    }
    return new PolderException(
        code, text.lines().findFirst().orElse(""), code == ErrorCode.SYNTAX_ERROR ? 0 : -1, null);
  }

  @Override
  public List<String> split(String sql) {
    return List.of(sql.split(";", -1));
  }

  @Override
  public Description describe(String sql) {
    throw new PolderException(ErrorCode.NOT_SUPPORTED, "not in this session");
  }

  @Override
  public long ingest(IngestRequest ingest, ArrowReader data) {
    throw new PolderException(ErrorCode.NOT_SUPPORTED, "not in this session");
  }

  @Override
  public boolean inTransaction() {
    return inTransaction;
  }

  @Override
  public boolean cancel(UUID statement) {
    Active now = active.get();
    if (now == null || !now.statement().equals(statement)) {
      return false;
    }
    cancelled = true;
    try {
      now.prepared().cancel();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return true;
  }

  @Override
  public void cancel() {
    Optional.ofNullable(active.get()).ifPresent(now -> cancel(now.statement()));
  }

  @Override
  public List<Notice> notices() {
    return List.of();
  }

  @Override
  public void close() {
    open = false;
    cancel();
    onThread(() -> {
      connection.close();
      return true;
    });
    thread.shutdown();
    onClose.run();
  }
}
