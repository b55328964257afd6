package dev.polder.duck;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/**
 * One session on an instance. It has one owner, who runs one statement at a time; only {@link
 * #interrupt()} and {@link Cancellation#cancel()} may come from other threads. Closing it frees
 * everything that the session made.
 */
public final class InstanceConnection implements AutoCloseable {
  /** Rows of a batch that callers get unless they ask otherwise. */
  public static final int DEFAULT_BATCH_ROWS = 122_880;

  private final Instance instance;
  private final NativeThreads threads;
  private final DuckDBConnection raw;
  private volatile Cancellation cancellation = new Cancellation();
  private @Nullable CatalogHandle catalog;
  private @Nullable QueryResult open;
  private final List<ArrowArrayStream> streams = new ArrayList<>();
  private boolean closed;

  InstanceConnection(Instance instance, DuckDBConnection raw) {
    this.instance = instance;
    this.threads = instance.threads();
    this.raw = raw;
  }

  public Instance instance() {
    return instance;
  }

  /** The calls that follow belong to this statement, until the next call of this method. */
  public void cancelWith(Cancellation statement) {
    this.cancellation = statement;
  }

  /** Ends what the connection does now; it needs a new {@link Cancellation} afterwards. */
  public void interrupt() {
    cancellation.cancel();
  }

  /** Runs a query and streams its result. */
  public QueryResult query(
      String sql, List<? extends @Nullable Object> parameters, BufferAllocator allocator) {
    return query(sql, parameters, allocator, DEFAULT_BATCH_ROWS);
  }

  /**
   * Runs a query and streams its result, which must be closed before the next call.
   *
   * @param batchRows rows of each batch but the last
   */
  public QueryResult query(
      String sql,
      List<? extends @Nullable Object> parameters,
      BufferAllocator allocator,
      int batchRows) {
    QueryResult result = start(sql, null, parameters, allocator, batchRows);
    if (EnumTypes.in(result.columns())) {
      List<ResultColumn> columns = result.columns();
      result.close();
      result = start(EnumTypes.asText(sql, columns), columns, parameters, allocator, batchRows);
    }
    open = result;
    return result;
  }

  /**
   * @param known the columns to tell of, when they are others than the result's own
   */
  private QueryResult start(
      String sql,
      @Nullable List<ResultColumn> known,
      List<? extends @Nullable Object> parameters,
      BufferAllocator allocator,
      int batchRows) {
    return step(
        sql,
        () -> {
          DuckDBPreparedStatement statement = statement(sql, parameters);
          DuckDBResultSet rows = null;
          try {
            rows = run(statement, sql, parameters);
            List<ResultColumn> columns = known == null ? columns(rows.getMetaData()) : known;
            ArrowLimits.check(columns);
            ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, batchRows);
            return new QueryResult(this, columns, statement, rows, reader);
          } catch (SQLException | RuntimeException e) {
            closeAll(e, rows, statement);
            throw e;
          }
        });
  }

  /** All rows of a small internal result, as the driver's Java objects. */
  public List<List<@Nullable Object>> rows(
      String sql, List<? extends @Nullable Object> parameters) {
    return step(
        sql,
        () -> {
          try (DuckDBPreparedStatement statement = statement(sql, parameters);
              DuckDBResultSet rows = run(statement, sql, parameters)) {
            int width = rows.getMetaData().getColumnCount();
            List<List<@Nullable Object>> all = new ArrayList<>();
            while (rows.next()) {
              List<@Nullable Object> row = new ArrayList<>(width);
              for (int i = 1; i <= width; i++) {
                row.add(rows.getObject(i));
              }
              all.add(row);
            }
            return all;
          }
        });
  }

  /** Runs a statement for its effect and gives the count of rows it changed. */
  public long execute(String sql, List<? extends @Nullable Object> parameters) {
    return step(
        sql,
        () -> {
          try (DuckDBPreparedStatement statement = statement(sql, parameters)) {
            if (parameters.isEmpty()) {
              statement.execute(sql);
            } else {
              Parameters.bind(raw, statement, parameters);
              statement.execute();
            }
            long count = statement.getLargeUpdateCount();
            return Math.max(count, 0);
          }
        });
  }

  /** What the statement would answer, without running it. */
  public PreparedShape describe(String sql, BufferAllocator allocator) {
    List<@Nullable String> parameters = new ArrayList<>();
    List<ResultColumn> columns = columns(sql, parameters);
    if (columns.isEmpty()) {
      return new PreparedShape(columns, new Schema(List.of()), parameters);
    }
    boolean open =
        columns.size() == 1
            && known(columns.getFirst().duckType()) == null
            && !parameters.isEmpty();
    if (open) {
      // A parameter without a type hides all columns; with NULL for each they show themselves.
      List<@Nullable Object> nulls = new ArrayList<>();
      parameters.forEach(_ -> nulls.add(null));
      try (QueryResult none = query("SELECT * FROM (" + sql + "\n) LIMIT 0", nulls, allocator)) {
        return new PreparedShape(none.columns(), none.schema(), parameters);
      }
    }
    Schema schema = instance.arrowSchemas().of(columns, () -> schema(columns, allocator));
    return new PreparedShape(columns, schema, parameters);
  }

  /** The Arrow types are DuckDB's own choice: an empty result of the same types tells them. */
  private Schema schema(List<ResultColumn> columns, BufferAllocator allocator) {
    String typed =
        columns.stream()
            .map(c ->
                "CAST(NULL AS "
                    + typeOrText(EnumTypes.asText(c.duckType()))
                    + ") AS "
                    + Sql.identifier(c.name()))
            .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    try (QueryResult empty = query(typed, List.of(), allocator)) {
      return empty.schema();
    }
  }

  /** The columns of a query without parameters, without running it. */
  public List<ResultColumn> columns(String sql) {
    return columns(sql, new ArrayList<>());
  }

  private List<ResultColumn> columns(String sql, List<@Nullable String> parameters) {
    return step(
        sql,
        () -> {
          try (DuckDBPreparedStatement statement = raw.prepare(sql)) {
            ParameterMetaData wanted = statement.getParameterMetaData();
            for (int i = 1; i <= wanted.getParameterCount(); i++) {
              parameters.add(known(wanted.getParameterTypeName(i)));
            }
            return columns(statement.getMetaData());
          }
        });
  }

  private static @Nullable String known(@Nullable String type) {
    return type == null || type.equals("UNKNOWN") || type.equals("INVALID") ? null : type;
  }

  private static String typeOrText(String type) {
    return known(type) == null ? "VARCHAR" : type.equals("NULL") ? "\"NULL\"" : type;
  }

  /** Makes a schema of a private catalog the session's place of unqualified names. */
  public void use(CatalogHandle next, String schema) {
    CatalogHandle held = next.retain();
    try {
      execute("USE " + Sql.identifier(held.name(), schema), List.of());
    } catch (RuntimeException e) {
      held.close();
      throw e;
    }
    CatalogHandle before = catalog;
    catalog = held;
    if (before != null) {
      before.close();
    }
  }

  /**
   * Makes a reader's batches readable once, under a name of this session; the reader is given away.
   */
  public void registerArrow(String name, ArrowReader reader, BufferAllocator allocator) {
    ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
    streams.add(stream);
    step(
        name,
        () -> {
          Data.exportArrayStream(allocator, reader, stream);
          raw.registerArrowStream(name, stream);
          return true;
        });
  }

  /** Adds rows of Java values to a table. */
  public void append(
      String catalogName,
      String schema,
      String table,
      List<? extends List<? extends @Nullable Object>> rows) {
    step(
        table,
        () -> {
          try (DuckDBAppender appender = raw.createAppender(catalogName, schema, table)) {
            for (List<? extends @Nullable Object> row : rows) {
              appender.beginRow();
              for (Object value : row) {
                Appending.append(appender, value);
              }
              appender.endRow();
            }
            appender.flush();
          }
          return true;
        });
  }

  /**
   * A statement that is run once. Without parameters it is not prepared: that takes as long as a
   * short statement itself, and scans are planned again when they run.
   */
  private DuckDBPreparedStatement statement(String sql, List<? extends @Nullable Object> parameters)
      throws SQLException {
    return parameters.isEmpty()
        ? (DuckDBPreparedStatement) raw.createStatement()
        : raw.prepare(sql);
  }

  /**
   * Runs the statement. The driver hides the message of a streaming query that fails before its
   * first rows; the other way of running it tells, so such a query is run once more for it.
   */
  private DuckDBResultSet run(
      DuckDBPreparedStatement statement, String sql, List<? extends @Nullable Object> parameters)
      throws SQLException {
    try {
      if (parameters.isEmpty()) {
        return (DuckDBResultSet) statement.executeQuery(sql);
      }
      Parameters.bind(raw, statement, parameters);
      return (DuckDBResultSet) statement.executeQuery();
    } catch (SQLException hidden) {
      if (hidden.getMessage() == null || !hidden.getMessage().contains("Invalid result set")) {
        throw hidden;
      }
      cancellation.check();
      try (DuckDBPreparedStatement again = raw.prepare(sql)) {
        Parameters.bind(raw, again, parameters);
        try (var chunks = again.query()) {
          while (chunks.nextChunk()) {
            cancellation.check();
          }
        }
      }
      throw hidden;
    }
  }

  /** Runs one native call of the current statement: cancellable, and with its errors translated. */
  <T extends @Nullable Object> T step(@Nullable String sql, Callable<T> call) {
    if (closed) {
      throw new PolderException(ErrorCode.SESSION_CLOSED, "the engine session is closed");
    }
    Cancellation statement = cancellation;
    statement.check();
    return threads.call(() -> attended(statement, sql, call), statement::cancel);
  }

  private <T extends @Nullable Object> T attended(
      Cancellation statement, @Nullable String sql, Callable<T> call) {
    Interrupter interrupter = new Interrupter(raw, threads);
    statement.listen(interrupter);
    try {
      return call.call();
    } catch (Exception e) {
      PolderException cancelled = statement.failure(e);
      if (cancelled != null) {
        throw cancelled;
      }
      PolderException failure = DuckErrors.translate(e, sql);
      if (failure.code() == ErrorCode.INSTANCE_FAILED) {
        instance.markFailed();
      }
      throw failure;
    } finally {
      interrupter.end();
      statement.forget(interrupter);
    }
  }

  private static List<ResultColumn> columns(@Nullable ResultSetMetaData meta) throws SQLException {
    if (meta == null) {
      return List.of();
    }
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new ResultColumn(meta.getColumnName(i), meta.getColumnTypeName(i)));
    }
    return columns;
  }

  private static void closeAll(
      Exception failure, @Nullable ResultSet rows, @Nullable Statement statement) {
    for (AutoCloseable part : new @Nullable AutoCloseable[] {rows, statement}) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }

  void ended(QueryResult result) {
    if (open == result) {
      open = null;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (open != null) {
      open.close();
    }
    closed = true;
    threads.release(() -> {
      raw.close();
      return true;
    });
    streams.forEach(ArrowArrayStream::close);
    if (catalog != null) {
      catalog.close();
      catalog = null;
    }
  }
}
