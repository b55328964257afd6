package dev.polder.federation.flight;

import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * Queries of a server of Flight SQL. Few servers have transactions: each query is of its own
 * moment. See its interface.
 */
final class FlightTransaction implements SourceTransaction {
  private final String alias;
  private final FlightServer server;
  private final FlightSql sql;
  private volatile @Nullable FlightStream running;
  private volatile boolean cancelled;

  FlightTransaction(String alias, FlightServer server, FlightSql sql) {
    this.alias = alias;
    this.server = server;
    this.sql = sql;
  }

  @Override
  public ArrowReader read(RemoteQuery query, BufferAllocator allocator) {
    FlightStream stream = server.start(sql.query(query));
    running = stream;
    if (cancelled) {
      stream.cancel("the statement was cancelled", null);
    }
    return new FlightReader(
        alias,
        query,
        stream,
        e -> cancelled ? SourceFailure.cancelled() : server.failure(e),
        allocator);
  }

  @Override
  public long insert(RemoteTable table, List<RemoteColumn> columns, ArrowReader rows) {
    throw SourceFailure.readOnly(alias);
  }

  @Override
  public long update(
      RemoteTable table, Map<RemoteColumn, RemoteExpression> values, List<RemoteExpression> where) {
    throw SourceFailure.readOnly(alias);
  }

  @Override
  public long delete(RemoteTable table, List<RemoteExpression> where) {
    throw SourceFailure.readOnly(alias);
  }

  @Override
  public void commit() {
    // There is nothing to commit: nothing was written.
  }

  @Override
  public void cancel() {
    cancelled = true;
    FlightStream now = running;
    if (now != null) {
      now.cancel("the statement was cancelled", null);
    }
  }

  @Override
  public void close() {
    running = null;
  }
}
