package dev.polder.federation.postgres;

import dev.polder.federation.SourceChangedException;
import dev.polder.model.PolderException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;
import org.postgresql.jdbc.PgConnection;

/**
 * A connection with a transaction open on it. A savepoint lets the transaction outlive a read that
 * failed or was ended early. One thread at a time, but for {@link #cancel}.
 */
final class PostgresSession implements AutoCloseable {
  private static final String SAVEPOINT = "SAVEPOINT polder_read";
  private static final String CANCELLED = "57014";

  private final PostgresConnections connections;
  private final PostgresErrors errors;
  private final PostgresCatalog catalog;
  private final PgConnection connection;
  private volatile boolean unclean;
  private boolean ended;

  private PostgresSession(
      PostgresConnections connections,
      PostgresErrors errors,
      PostgresCatalog catalog,
      PgConnection connection) {
    this.connections = connections;
    this.errors = errors;
    this.catalog = catalog;
    this.connection = connection;
  }

  /** The transaction sees one moment; its start is one round trip. */
  static PostgresSession begin(
      PostgresConnections connections,
      PostgresErrors errors,
      PostgresCatalog catalog,
      boolean writes) {
    return new PostgresSession(
        connections, errors, catalog, connections.begin(opening(writes) + "; " + SAVEPOINT));
  }

  /** Another transaction that sees what a first one sees; null when no connection is free. */
  static @Nullable PostgresSession join(
      PostgresConnections connections,
      PostgresErrors errors,
      PostgresCatalog catalog,
      String snapshot) {
    return connections
        .beginMore(opening(false) + "; SET TRANSACTION SNAPSHOT '" + snapshot + "'")
        .map(connection -> new PostgresSession(connections, errors, catalog, connection))
        .orElse(null);
  }

  private static String opening(boolean writes) {
    return "BEGIN ISOLATION LEVEL REPEATABLE READ " + (writes ? "READ WRITE" : "READ ONLY");
  }

  PgConnection connection() {
    return connection;
  }

  /** Reads from here on do not undo what was done so far when they fail. */
  void keep() throws SQLException {
    PostgresConnections.execute(connection, SAVEPOINT);
  }

  /**
   * What the transaction sees, for others to see too.
   *
   * @param pages of a table at that moment
   */
  record Snapshot(String id, long pages) {}

  /** A snapshot can be exported only where no savepoint is. */
  Snapshot export(String table) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "RELEASE "
              + SAVEPOINT
              + "; SELECT pg_export_snapshot(), pg_relation_size("
              + table
              + "::regclass) / current_setting('block_size')::int8; "
              + SAVEPOINT);
      statement.getMoreResults();
      try (ResultSet row = Objects.requireNonNull(statement.getResultSet())) {
        row.next();
        return new Snapshot(String.valueOf(row.getString(1)), row.getLong(2));
      }
    }
  }

  /** Starts a COPY; one that is refused leaves the transaction as it was. */
  CopyOut copy(String sql) {
    try {
      return connection.getCopyAPI().copyOut(sql);
    } catch (SQLException e) {
      recover();
      throw failed(e);
    }
  }

  PolderException failed(SQLException e) {
    PolderException failure = errors.of(e);
    if (failure instanceof SourceChangedException) {
      catalog.invalidate();
    }
    unclean |= PostgresErrors.broken(e);
    return failure;
  }

  /** Asks the server to end what it does now; what reads it fails. From any thread. */
  void interrupt() {
    try {
      connection.cancelQuery();
    } catch (SQLException e) {
      unclean = true;
      connections.discard(connection);
    }
  }

  /** Takes what is left of a COPY that was interrupted. */
  void drain(CopyOut copy) {
    try {
      while (copy.readFromCopy() != null) {
        // What was under way already.
      }
      // It came to its end before the request, which may yet end something else.
      recover();
    } catch (SQLException e) {
      unclean |= !CANCELLED.equals(e.getSQLState());
      recover();
    }
  }

  /** After a failure, or a cancel that perhaps came too late: back to where reading began. */
  void recover() {
    if (unclean) {
      return;
    }
    try {
      try {
        rollBack();
      } catch (SQLException e) {
        if (!CANCELLED.equals(e.getSQLState())) {
          throw e;
        }
        // The cancel was meant for what had ended already, and is used up now.
        rollBack();
      }
    } catch (SQLException e) {
      unclean = true;
    }
  }

  private void rollBack() throws SQLException {
    PostgresConnections.execute(connection, "ROLLBACK TO " + SAVEPOINT);
  }

  /** Ends what the server does for the session, for good; from any thread. */
  synchronized void cancel() {
    if (!ended) {
      unclean = true;
      interrupt();
    }
  }

  boolean usable() {
    return !unclean && !ended;
  }

  synchronized void commit() throws SQLException {
    PostgresConnections.execute(connection, "COMMIT");
    ended = true;
    connections.giveBack(connection);
  }

  /** Rolls back what was not committed. */
  @Override
  public synchronized void close() {
    if (ended) {
      return;
    }
    ended = true;
    if (!unclean) {
      try {
        PostgresConnections.execute(connection, "ROLLBACK");
        connections.giveBack(connection);
        return;
      } catch (SQLException e) {
        // The server rolls back what it loses.
        unclean = true;
      }
    }
    connections.discard(connection);
  }
}
