package dev.polder.federation.mysql;

import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.jdbc.JdbcConnections;
import dev.polder.federation.jdbc.JdbcSource;
import dev.polder.federation.jdbc.JdbcValues;
import dev.polder.federation.sql.SqlQueries;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.mariadb.jdbc.Driver;

/** A server of MySQL or MariaDB and the connections to it. Thread-safe. */
final class MysqlSource implements JdbcSource, AutoCloseable {
  private static final int FETCH_SIZE = 10_000;

  private final MysqlSettings settings;
  private final JdbcConnections connections;
  private final MysqlSql sql = new MysqlSql();
  private final MysqlValues values;

  MysqlSource(MysqlSettings settings) {
    this.settings = settings;
    values = new MysqlValues(settings.reading().zeroDates());
    connections =
        new JdbcConnections(
            this::open,
            settings.maxConnections(),
            settings.maxConnections(),
            Duration.ofSeconds(settings.connectTimeoutSeconds()));
  }

  /** A use of a connection. */
  interface Use<T> {
    T of(Connection connection) throws SQLException;
  }

  private Connection open() throws SQLException {
    Connection connection = new Driver().connect(settings.url(), settings.connection());
    try (Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      connection.setCatalog(settings.database());
      statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  Connection connect() {
    try {
      return connections.take();
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** Reads something in a transaction of its own. */
  <T> T asked(Use<T> use) {
    Connection connection = connect();
    boolean clean = false;
    try {
      T value = use.of(connection);
      connection.rollback();
      clean = true;
      return value;
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      giveBack(connection, clean);
    }
  }

  private PolderException unavailable(SQLException failure) {
    String why =
        switch (failure.getErrorCode()) {
          case 1045, 1044, 1698, 1862 -> "it refused the user or the password";
          case 1040, 1203, 1226 -> "it has too many connections";
          case 1049 -> "there is no database " + settings.database();
          case 3159, 1759 -> "it asks for a TLS connection: set the property sslMode";
          default -> reason(failure);
        };
    return SourceFailure.unavailable(settings.alias(), why, failure);
  }

  private static String reason(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException _ -> {
          return "its host name cannot be resolved";
        }
        case ConnectException _ -> {
          return "nothing answers at its address";
        }
        case SocketTimeoutException _ -> {
          return "it does not answer in time";
        }
        case SSLException e -> {
          return "a TLS connection could not be made: " + e.getMessage();
        }
        default -> {
          // Not the reason yet.
        }
      }
    }
    String message = String.valueOf(failure.getMessage());
    return message.contains("ssl not enabled in the server")
        ? "a TLS connection could not be made: the server offers none"
        : message;
  }

  @Override
  public String alias() {
    return settings.alias();
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
    String state = String.valueOf(failure.getSQLState());
    if (state.startsWith("08")) {
      return SourceFailure.unavailable(
          settings.alias(), "the connection broke: " + reason(failure), failure);
    }
    if (state.equals("40001")) {
      return new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          "source '" + settings.alias() + "' ended the transaction in favour of another; try again",
          failure);
    }
    return SourceFailure.failed(settings.alias(), String.valueOf(failure.getMessage()), failure);
  }

  /** The server would send all that is left. */
  @Override
  public void abandon(Statement statement) throws SQLException {
    statement.cancel();
    statement.close();
  }

  @Override
  public void begin(Connection connection, boolean writes) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "START TRANSACTION WITH CONSISTENT SNAPSHOT" + (writes ? "" : ", READ ONLY"));
    }
  }

  @Override
  public void giveBack(Connection connection, boolean clean) {
    try {
      connections.giveBack(connection, clean);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try {
      connections.close();
    } catch (SQLException e) {
      throw failure(e);
    }
  }
}
