package dev.polder.federation.postgres;

import dev.polder.federation.SourceTransaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * A REPEATABLE READ transaction, begun with its first call. A large table is read over several
 * connections that share its snapshot. One thread at a time, but for {@link #cancel}.
 */
final class PostgresTransaction implements SourceTransaction {
  private final PostgresSettings settings;
  private final PostgresErrors errors;
  private final PostgresConnections connections;
  private final PostgresCatalog catalog;
  private final boolean writes;
  private final PostgresSql sql = new PostgresSql();
  // What may run now, for whoever cancels.
  private final List<PostgresSession> running = new ArrayList<>();
  private @Nullable PostgresSession main;
  private boolean cancelled;
  private boolean wrote;
  private boolean aborted;

  PostgresTransaction(
      PostgresSettings settings,
      PostgresErrors errors,
      PostgresConnections connections,
      PostgresCatalog catalog,
      boolean writes) {
    this.settings = settings;
    this.errors = errors;
    this.connections = connections;
    this.catalog = catalog;
    this.writes = writes;
  }

  static String copy(String query) {
    return "COPY (" + query + ") TO STDOUT (FORMAT binary)";
  }

  @Override
  public ArrowReader read(RemoteQuery query, BufferAllocator allocator) {
    PostgresSession session = session();
    PostgresRead read = new PostgresRead(errors, query, allocator);
    if (wrote) {
      keep(session);
    }
    if (!writes && settings.parallelReads() > 1 && large(query)) {
      splitRead(session, query, read);
    } else {
      read.add(session, session.copy(copy(sql.query(query))), () -> null, false);
    }
    return read.start();
  }

  private boolean large(RemoteQuery query) {
    return Split.table(query)
        .flatMap(table -> catalog.table(table.schema(), table.name()))
        .filter(table -> table.kind().equals("r") || table.kind().equals("m"))
        .filter(table -> table.pages() >= Split.LEAST_PAGES)
        .isPresent();
  }

  private void splitRead(PostgresSession session, RemoteQuery query, PostgresRead read) {
    RemoteTable table = Split.table(query).orElseThrow();
    String snapshot;
    long pages;
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_export_snapshot(), pg_relation_size("
                    + sql.text(sql.table(table))
                    + "::regclass) / current_setting('block_size')::int8")) {
      row.next();
      snapshot = row.getString(1);
      pages = row.getLong(2);
    } catch (SQLException e) {
      session.recover();
      throw session.failed(e);
    }
    Split split = new Split(sql, query, Math.max(1, pages), new AtomicLong());
    String first = split.next();
    read.add(session, first == null ? null : session.copy(first), split, false);
    for (int i = 1; i < settings.parallelReads(); i++) {
      PostgresSession more = PostgresSession.join(connections, errors, catalog, snapshot);
      if (more == null) {
        // Others need the connections; it goes with those there are.
        return;
      }
      add(more);
      read.add(more, null, split, true);
    }
  }

  private void keep(PostgresSession session) {
    try {
      session.keep();
    } catch (SQLException e) {
      throw session.failed(e);
    }
  }

  @Override
  public long insert(RemoteTable table, List<RemoteColumn> columns, ArrowReader rows) {
    return write(session -> new PostgresInsert(sql, errors, table, columns).run(session, rows));
  }

  @Override
  public long update(
      RemoteTable table, Map<RemoteColumn, RemoteExpression> values, List<RemoteExpression> where) {
    return write(session -> change(session, sql.update(table, values, where)));
  }

  @Override
  public long delete(RemoteTable table, List<RemoteExpression> where) {
    return write(session -> change(session, sql.delete(table, where)));
  }

  private static long change(PostgresSession session, String text) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      return statement.executeLargeUpdate(text);
    }
  }

  private interface Change {
    long run(PostgresSession session) throws SQLException;
  }

  private long write(Change change) {
    if (!writes) {
      throw errors.readOnly();
    }
    PostgresSession session = session();
    wrote = true;
    boolean done = false;
    try {
      long count = change.run(session);
      done = true;
      return count;
    } catch (SQLException e) {
      throw session.failed(e);
    } finally {
      aborted |= !done;
    }
  }

  private PostgresSession session() {
    if (aborted) {
      throw new PolderException(
          ErrorCode.TRANSACTION_ABORTED,
          "an earlier write to source '" + settings.alias() + "' failed; roll back");
    }
    PostgresSession session = main;
    if (session == null) {
      session = PostgresSession.begin(connections, errors, catalog, writes);
      main = session;
      add(session);
    }
    if (!session.usable()) {
      throw isCancelled()
          ? new PolderException(
              ErrorCode.STATEMENT_CANCELLED,
              "the transaction at source '" + settings.alias() + "' was cancelled")
          : errors.unavailable("the transaction's connection is lost", null);
    }
    return session;
  }

  private void add(PostgresSession session) {
    synchronized (running) {
      running.add(session);
      if (cancelled) {
        session.cancel();
      }
    }
  }

  @Override
  public void commit() {
    PostgresSession session = main;
    if (session == null) {
      return;
    }
    session();
    try {
      session.commit();
    } catch (SQLException e) {
      throw wrote && PostgresErrors.broken(e)
          ? new PolderException(
              ErrorCode.COMMIT_OUTCOME_UNKNOWN,
              "the connection to source '"
                  + settings.alias()
                  + "' broke while it committed; look there whether the rows changed",
              e)
          : session.failed(e);
    }
  }

  private boolean isCancelled() {
    synchronized (running) {
      return cancelled;
    }
  }

  @Override
  public void cancel() {
    synchronized (running) {
      cancelled = true;
      running.forEach(PostgresSession::cancel);
    }
  }

  @Override
  public void close() {
    PostgresSession session = main;
    if (session != null) {
      session.close();
    }
    synchronized (running) {
      running.clear();
    }
  }
}
