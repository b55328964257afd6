package dev.polder.federation.jdbc;

import dev.polder.federation.SourceTransaction;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/** A transaction on a connection of a driver, which it gives back. See its interface. */
public final class JdbcTransaction implements SourceTransaction {
  private final JdbcSource source;
  private final Connection connection;
  private final boolean writes;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Statement running;
  private boolean cancelled;
  private boolean broken;
  private boolean closed;

  /** Begins it; the connection is given back if that fails. */
  public JdbcTransaction(JdbcSource source, Connection connection, boolean writes) {
    this.source = source;
    this.connection = connection;
    this.writes = writes;
    try {
      asked(() -> {
        source.begin(connection, writes);
        return true;
      });
    } catch (RuntimeException e) {
      broken = true;
      close();
      throw e;
    }
  }

  /** A call of the driver. */
  interface SqlCall<T> {
    T call() throws SQLException;
  }

  @Override
  public ArrowReader read(RemoteQuery query, BufferAllocator allocator) {
    return asked(() -> {
      Statement statement =
          started(
              connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY));
      try {
        statement.setFetchSize(source.fetchSize());
        ResultSet rows = statement.executeQuery(source.sql().query(query));
        source.check(query, rows.getMetaData());
        return new ResultReader(
            source, query, rows, this::failure, complete -> end(statement, complete), allocator);
      } catch (SQLException | RuntimeException e) {
        end(statement, true);
        throw e;
      }
    });
  }

  @Override
  public long insert(RemoteTable table, List<RemoteColumn> columns, ArrowReader rows) {
    checkWrites();
    return asked(() -> {
      try (Insertion insertion = new Insertion(source, connection, table, columns)) {
        started(insertion.statement());
        return insertion.all(rows);
      } finally {
        ended();
      }
    });
  }

  @Override
  public long update(
      RemoteTable table, Map<RemoteColumn, RemoteExpression> values, List<RemoteExpression> where) {
    return execute(source.sql().update(table, values, where));
  }

  @Override
  public long delete(RemoteTable table, List<RemoteExpression> where) {
    return execute(source.sql().delete(table, where));
  }

  private long execute(String sql) {
    checkWrites();
    return asked(() -> {
      try (Statement statement = started(connection.createStatement())) {
        return (long) statement.executeUpdate(sql);
      } finally {
        ended();
      }
    });
  }

  @Override
  public void commit() {
    asked(() -> {
      connection.commit();
      return true;
    });
  }

  /** The driver's own cancel reaches the source by another connection where it must. */
  @Override
  public void cancel() {
    Statement now;
    lock.lock();
    try {
      cancelled = true;
      now = running;
    } finally {
      lock.unlock();
    }
    if (now != null) {
      source.cancel(now);
    }
  }

  private void checkWrites() {
    if (!writes) {
      throw SourceFailure.readOnly(source.alias());
    }
  }

  private <S extends Statement> S started(S statement) throws SQLException {
    lock.lock();
    try {
      if (cancelled) {
        statement.close();
        throw SourceFailure.cancelled();
      }
      running = statement;
      return statement;
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      running = null;
    } finally {
      lock.unlock();
    }
  }

  private void end(Statement statement, boolean complete) {
    ended();
    broken |= !complete;
    source.run(() -> {
      try {
        if (complete) {
          statement.close();
        } else {
          source.abandon(statement);
        }
      } catch (SQLException e) {
        // What comes next on the connection tells whether it is of use.
        broken = true;
      }
      return true;
    });
  }

  private <T> T asked(SqlCall<T> call) {
    return source.run(() -> {
      try {
        return call.call();
      } catch (SQLException e) {
        throw failure(e);
      }
    });
  }

  private PolderException failure(SQLException e) {
    lock.lock();
    try {
      if (cancelled) {
        return SourceFailure.cancelled();
      }
    } finally {
      lock.unlock();
    }
    return source.failure(e);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    source.run(() -> {
      boolean clean = !broken && !cancelled;
      try {
        connection.rollback();
      } catch (SQLException e) {
        clean = false;
      }
      source.giveBack(connection, clean);
      return true;
    });
  }
}
