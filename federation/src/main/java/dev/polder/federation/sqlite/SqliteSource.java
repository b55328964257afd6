package dev.polder.federation.sqlite;

import dev.polder.duck.NativeThreads;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.jdbc.JdbcSource;
import dev.polder.federation.jdbc.JdbcValues;
import dev.polder.federation.sql.SqlQueries;
import dev.polder.model.PolderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A file of SQLite. Each transaction opens it anew, which takes less than a millisecond and finds a
 * file that was replaced. Calls never run on virtual threads. Thread-safe.
 */
final class SqliteSource implements JdbcSource {
  private static final int FETCH_SIZE = 1_000;

  private final String alias;
  private final Path file;
  private final int busySeconds;
  private final NativeThreads threads;
  private final SqliteSql sql = new SqliteSql();
  private final SqliteValues values = new SqliteValues();

  SqliteSource(String alias, Path file, int busySeconds, NativeThreads threads) {
    this.alias = alias;
    this.file = file;
    this.busySeconds = busySeconds;
    this.threads = threads;
  }

  /** A use of a connection. */
  interface Use<T> {
    T of(Connection connection) throws SQLException;
  }

  /** Reads something in a connection of its own. */
  <T> T asked(Use<T> use) {
    return run(() -> {
      try (Connection connection = open(false)) {
        return use.of(connection);
      } catch (SQLException e) {
        throw failure(e);
      }
    });
  }

  Connection connect(boolean writes) {
    return run(() -> {
      try {
        return open(writes);
      } catch (SQLException e) {
        throw failure(e);
      }
    });
  }

  private Connection open(boolean writes) throws SQLException {
    if (!Files.isRegularFile(file)) {
      throw SourceFailure.unavailable(alias, "there is no such database file", null);
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(!writes);
    config.setBusyTimeout(busySeconds * 1_000);
    config.setTransactionMode(
        writes ? SQLiteConfig.TransactionMode.IMMEDIATE : SQLiteConfig.TransactionMode.DEFERRED);
    config.enforceForeignKeys(true);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  @Override
  public String alias() {
    return alias;
  }

  @Override
  public SqlQueries sql() {
    return sql;
  }

  @Override
  public JdbcValues values() {
    return values;
  }

  @Override
  public int fetchSize() {
    return FETCH_SIZE;
  }

  @Override
  public PolderException failure(SQLException failure) {
    SQLiteErrorCode code =
        failure instanceof SQLiteException known
            ? known.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    // Extended codes name what happened after an underscore.
    String name = code.name();
    if (name.startsWith("SQLITE_INTERRUPT")) {
      return SourceFailure.cancelled();
    }
    if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) {
      return SourceFailure.failed(
          alias, "another program keeps its database file locked; try again", failure);
    }
    if (name.startsWith("SQLITE_NOTADB")) {
      return SourceFailure.unavailable(alias, "its file is no database of SQLite", failure);
    }
    if (name.startsWith("SQLITE_CANTOPEN") || name.startsWith("SQLITE_IOERR")) {
      return SourceFailure.unavailable(alias, "its database file cannot be read", failure);
    }
    return SourceFailure.failed(alias, String.valueOf(failure.getMessage()), failure);
  }

  @Override
  public <T> T run(Supplier<T> call) {
    return Thread.currentThread().isVirtual() ? threads.call(call::get) : call.get();
  }

  /** Not behind those that wait for a thread. */
  @Override
  public void cancel(Statement statement) {
    threads.onReserve(() -> JdbcSource.super.cancel(statement));
  }

  @Override
  public void begin(Connection connection, boolean writes) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Functions that the file's own views call must be harmless ones.
      statement.execute("PRAGMA trusted_schema = OFF");
    }
    connection.setAutoCommit(false);
  }

  @Override
  public void giveBack(Connection connection, boolean clean) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(e);
    }
  }
}
