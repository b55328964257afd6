package dev.polder.federation.jdbc;

import dev.polder.federation.sql.SqlQueries;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteQuery;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;

/** What transactions need to know of the kind of system that they are of. Thread-safe. */
public interface JdbcSource {
  String alias();

  SqlQueries sql();

  JdbcValues values();

  /** Rows that the driver is asked for at once. */
  int fetchSize();

  /** Fails if a result's columns are not what the query was made for. */
  default void check(RemoteQuery query, ResultSetMetaData result) throws SQLException {
    // Most kinds find that out by each value.
  }

  /** What users are told of a failure of a statement. */
  PolderException failure(SQLException failure);

  /** Where calls of the driver run. */
  default <T> T run(Supplier<T> call) {
    return call.get();
  }

  /** Makes a statement that runs on another thread end. */
  default void cancel(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Closes a statement some of whose rows were not read. */
  default void abandon(Statement statement) throws SQLException {
    statement.close();
  }

  /** Makes a connection begin a transaction. */
  void begin(Connection connection, boolean writes) throws SQLException;

  /** Takes a connection back, which has no transaction and may be used again unless it is dirty. */
  void giveBack(Connection connection, boolean clean);
}
