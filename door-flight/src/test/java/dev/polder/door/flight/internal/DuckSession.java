package dev.polder.door.flight.internal;

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
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/** One session on a DuckDB connection of its own; native calls run on one platform thread. */
final class DuckSession implements Session {
  private static final Pattern ROWS =
      Pattern.compile(
          "(?is)\\s*(SELECT|WITH|VALUES|FROM|SHOW|DESCRIBE|EXPLAIN|TABLE)\\b.*|.*\\bRETURNING\\b.*");
  private static final Pattern USE =
      Pattern.compile("(?is)\\s*USE\\s+(?:DATABASE\\s+)?\"?(\\w+)\"?\\s*");

  private final DuckSessions owner;
  private final SessionRequest request;
  private final Traffic traffic = new Traffic();
  private final AtomicLong bindings = new AtomicLong(1);
  private volatile boolean open = true;
  private final SessionId id = new SessionId(UUID.randomUUID());
  private final DuckDBConnection connection;
  private final Semaphore oneStatement = new Semaphore(1);
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private volatile DatabaseName database;
  private volatile @Nullable UUID current;
  private volatile @Nullable Statement running;
  private volatile boolean transaction;
  private volatile List<Notice> notices = List.of();

  DuckSession(
      DuckSessions owner, SessionRequest request, String database, DuckDBConnection connection) {
    this.owner = owner;
    this.request = request;
    this.database = new DatabaseName(database);
    this.connection = connection;
  }

  private <T> T on(Callable<T> work) {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException sql
          ? translated(sql)
          : e.getCause() instanceof PolderException known
              ? known
              : new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "interrupted", e);
    }
  }

  private static PolderException translated(SQLException failure) {
    String text = String.valueOf(failure.getMessage()).strip();
    ErrorCode code =
        text.startsWith("Parser")
            ? ErrorCode.SYNTAX_ERROR
            : text.startsWith("Catalog")
                ? ErrorCode.COLLECTION_NOT_FOUND
                : text.startsWith("INTERRUPT")
                    ? ErrorCode.STATEMENT_CANCELLED
                    : text.startsWith("Conversion")
                        ? ErrorCode.CONVERSION_ERROR
                        : text.startsWith("Constraint")
                            ? ErrorCode.NOT_NULL_VIOLATION
                            : ErrorCode.BINDING_ERROR;
    return new PolderException(code, text, code == ErrorCode.SYNTAX_ERROR ? 7 : -1, failure);
  }

  @Override
  public SessionId id() {
    return id;
  }

  SessionRequest request() {
    return request;
  }

  @Override
  public Identity identity() {
    return request.identity();
  }

  @Override
  public TenantId tenant() {
    return request.tenant().map(TenantId::new).orElse(TenantId.DEFAULT);
  }

  @Override
  public DatabaseName database() {
    return database;
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
  public Result execute(String sql, List<@Nullable Object> parameters, StatementOptions options) {
    Matcher use = USE.matcher(sql);
    if (use.matches() && DuckSessions.DATABASES.contains(use.group(1))) {
      database = new DatabaseName(use.group(1));
      bindings.incrementAndGet();
      return new Result.Updated(-1, List.of());
    }
    oneStatement.acquireUninterruptibly();
    current = options.statement();
    try {
      return on(() -> run(sql, parameters));
    } catch (RuntimeException e) {
      done();
      throw e;
    }
  }

  private void done() {
    current = null;
    running = null;
    oneStatement.release();
  }

  private Result run(String sql, List<@Nullable Object> parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    running = statement;
    for (int i = 0; i < parameters.size(); i++) {
      Object value = parameters.get(i);
      statement.setObject(
          i + 1,
          value instanceof List<?> list
              ? connection.createArrayOf("INTEGER", list.toArray())
              : value);
    }
    String word = sql.strip().split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
    notices = sql.contains("/*notice*/") ? List.of(new Notice("NOTE", "ünicode")) : List.of();
    if (!ROWS.matcher(sql).matches()) {
      statement.execute();
      long count = statement.getUpdateCount();
      statement.close();
      transaction =
          word.equals("BEGIN")
              || (transaction && !word.equals("COMMIT") && !word.equals("ROLLBACK"));
      boolean counts = List.of("INSERT", "UPDATE", "DELETE", "MERGE").contains(word);
      done();
      return new Result.Updated(counts ? count : -1, notices);
    }
    DuckDBResultSet resultSet = (DuckDBResultSet) statement.executeQuery();
    BufferAllocator allocator = owner.allocator.newChildAllocator("rows", 0, Long.MAX_VALUE);
    ArrowReader reader = (ArrowReader) resultSet.arrowExportStream(allocator, 100_000);
    try {
      return new DuckRows(statement, reader, allocator, reader.getVectorSchemaRoot());
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }

  private final class DuckRows implements Result.Rows {
    private final Statement statement;
    private final ArrowReader reader;
    private final BufferAllocator allocator;
    private final VectorSchemaRoot root;

    DuckRows(
        Statement statement, ArrowReader reader, BufferAllocator allocator, VectorSchemaRoot root) {
      this.statement = statement;
      this.reader = reader;
      this.allocator = allocator;
      this.root = root;
    }

    @Override
    public List<Column> columns() {
      return List.of();
    }

    @Override
    public Schema schema() {
      return root.getSchema();
    }

    @Override
    public VectorSchemaRoot root() {
      return root;
    }

    @Override
    public boolean next() {
      return on(() -> {
        try {
          return reader.loadNextBatch();
        } catch (IOException e) {
          throw new SQLException(
              String.valueOf(e.getMessage()).contains("INTERRUPT")
                  ? "INTERRUPT Error"
                  : e.getMessage(),
              e);
        }
      });
    }

    @Override
    public List<Notice> notices() {
      return notices;
    }

    @Override
    public void close() {
      try {
        on(() -> {
          reader.close();
          statement.close();
          allocator.close();
          return true;
        });
      } finally {
        done();
      }
    }
  }

  @Override
  public List<String> split(String sql) {
    return List.of(sql);
  }

  @Override
  public Description describe(String sql) {
    return on(() -> {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        List<String> parameters = new ArrayList<>();
        for (int i = 1; i <= statement.getParameterMetaData().getParameterCount(); i++) {
          String type = statement.getParameterMetaData().getParameterTypeName(i);
          parameters.add(
              type == null || type.equals("INVALID") || type.equals("UNKNOWN") ? "UNKNOWN" : type);
        }
        if (!ROWS.matcher(sql).matches()) {
          return new Description(false, List.of(), new Schema(List.of()), parameters);
        }
        ResultSetMetaData meta = statement.getMetaData();
        List<Result.Column> columns = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
          columns.add(new Result.Column(meta.getColumnName(i), meta.getColumnTypeName(i)));
          fields.add(
              DuckTypes.field(meta.getColumnName(i), meta.getColumnTypeName(i), true, Map.of()));
        }
        return new Description(true, columns, new Schema(fields), parameters);
      }
    });
  }

  @Override
  public long ingest(IngestRequest ingest, ArrowReader data) {
    String table =
        ingest.schema().map(schema -> "\"" + schema + "\".").orElse("")
            + "\""
            + ingest.table()
            + "\"";
    return on(() -> {
      String name = "stream_" + UUID.randomUUID().toString().replace("-", "");
      BufferAllocator sender =
          data.getVectorSchemaRoot().getFieldVectors().getFirst().getAllocator();
      try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(sender);
          Statement statement = connection.createStatement()) {
        Data.exportArrayStream(sender, data, stream);
        connection.registerArrowStream(name, stream);
        boolean present =
            statement
                .executeQuery(
                    "SELECT 1 FROM information_schema.tables WHERE table_name = '"
                        + ingest.table()
                        + "'")
                .next();
        if (!present && ingest.ifAbsent() == IngestRequest.IfAbsent.FAIL) {
          throw new PolderException(ErrorCode.COLLECTION_NOT_FOUND, "no table " + table);
        }
        if (present && ingest.ifPresent() == IngestRequest.IfPresent.FAIL) {
          throw new PolderException(ErrorCode.COLLECTION_EXISTS, table + " exists");
        }
        boolean append = present && ingest.ifPresent() == IngestRequest.IfPresent.APPEND;
        return statement.executeLargeUpdate(
            append
                ? "INSERT INTO " + table + " SELECT * FROM " + name
                : "CREATE OR REPLACE TABLE " + table + " AS SELECT * FROM " + name);
      }
    });
  }

  @Override
  public boolean inTransaction() {
    return transaction;
  }

  @Override
  public boolean cancel(UUID statement) {
    if (!statement.equals(current)) {
      return false;
    }
    cancel();
    return true;
  }

  @Override
  public void cancel() {
    Statement statement = running;
    if (statement != null) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        throw translated(e);
      }
    }
  }

  @Override
  public List<Notice> notices() {
    return notices;
  }

  @Override
  public void close() {
    open = false;
    owner.closed(this);
    cancel();
    oneStatement.acquireUninterruptibly();
    on(() -> {
      connection.close();
      return true;
    });
    thread.shutdown();
  }
}
