package dev.polder.federation.duckdb;

import dev.polder.duck.InstanceConnection;
import dev.polder.duck.QueryResult;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/** A transaction of an instance of DuckDB. It owns its connection. For one thread at a time. */
public final class DuckdbTransaction implements SourceTransaction {
  private final String alias;
  private final InstanceConnection connection;
  private final DuckdbSql sql;
  private final boolean writes;
  private final Runnable end;
  private int relations;
  private boolean closed;

  /**
   * Begins it.
   *
   * @param end run once when it has closed
   */
  public DuckdbTransaction(
      String alias, InstanceConnection connection, DuckdbSql sql, boolean writes, Runnable end) {
    this.alias = alias;
    this.connection = connection;
    this.sql = sql;
    this.writes = writes;
    this.end = end;
    try {
      execute(writes ? "BEGIN TRANSACTION" : "BEGIN TRANSACTION READ ONLY");
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public ArrowReader read(RemoteQuery query, BufferAllocator allocator) {
    return told(() -> {
      QueryResult result = connection.query(sql.query(query), List.of(), allocator);
      return new QueryReader(alias, result, allocator);
    });
  }

  @Override
  public long insert(RemoteTable table, List<RemoteColumn> columns, ArrowReader rows) {
    checkWrites();
    String name = "polder_rows_" + ++relations;
    // What is registered lives as long as the connection, longer than any statement's allocator.
    BufferAllocator allocator = allocator(rows).getRoot();
    return told(() -> {
      connection.registerArrow(name, rows, allocator);
      return connection.execute(sql.insert(table, columns, name), List.of());
    });
  }

  @Override
  public long update(
      RemoteTable table, Map<RemoteColumn, RemoteExpression> values, List<RemoteExpression> where) {
    checkWrites();
    return execute(sql.update(table, values, where));
  }

  @Override
  public long delete(RemoteTable table, List<RemoteExpression> where) {
    checkWrites();
    return execute(sql.delete(table, where));
  }

  @Override
  public void commit() {
    execute("COMMIT");
  }

  @Override
  public void cancel() {
    connection.interrupt();
  }

  private static BufferAllocator allocator(ArrowReader rows) {
    try {
      return rows.getVectorSchemaRoot().getVector(0).getAllocator();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkWrites() {
    if (!writes) {
      throw SourceFailure.readOnly(alias);
    }
  }

  private long execute(String statement) {
    return told(() -> connection.execute(statement, List.of()));
  }

  private <T> T told(Supplier<T> call) {
    try {
      return call.get();
    } catch (PolderException e) {
      throw SourceFailure.of(alias, e);
    }
  }

  /** A connection that closes rolls back what is open. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      connection.close();
    } finally {
      end.run();
    }
  }
}
