package dev.polder.federation.jdbc;

import dev.polder.federation.SourceSettings;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.sql.SqlQueries;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Any system that has a driver, and the connections to it. Thread-safe. */
final class JdbcSystem implements JdbcSource, AutoCloseable {
  private final String alias;
  private final String url;
  private final Properties login = new Properties();
  private final List<String> secrets;
  private final int fetchSize;
  private final String wideDecimal;
  private final DriverJars drivers;
  private final JdbcConnections connections;
  private final JdbcValues values = new Values();
  private volatile @Nullable Product product;

  JdbcSystem(SourceSettings settings, Path driverDirectory) {
    alias = settings.alias();
    url = settings.required("url");
    settings.text("user").ifPresent(user -> login.setProperty("user", user));
    settings.text("password").ifPresent(secret -> login.setProperty("password", secret));
    secrets = Stream.concat(settings.text("password").stream(), Stream.of(url)).toList();
    fetchSize = settings.number("fetchSize", 10_000);
    wideDecimal = settings.text("numeric").orElse("double").equals("text") ? "VARCHAR" : "DOUBLE";
    int most = Math.max(1, settings.number("maxConnections", 8));
    drivers = DriverJars.load(alias, driverDirectory, url, settings.text("driver"));
    connections =
        new JdbcConnections(
            this::open,
            most,
            most,
            Duration.ofSeconds(settings.number("connectTimeoutSeconds", 10)));
  }

  /** As JDBC has them; drivers take no text for a UUID. */
  private static final class Values implements JdbcValues {
    @Override
    public void bind(PreparedStatement statement, int index, RemoteColumn column, Object value)
        throws SQLException {
      if (value instanceof String text && column.type().equals("UUID")) {
        statement.setObject(index, UUID.fromString(text));
      } else {
        JdbcValues.super.bind(statement, index, column, value);
      }
    }
  }

  /** A use of a connection. */
  interface Use<T> {
    T of(Connection connection) throws SQLException;
  }

  private Connection open() throws SQLException {
    Connection connection = drivers.driver().connect(url, login);
    if (connection == null) {
      throw new SQLException("its driver does not know its url", "08001");
    }
    return connection;
  }

  Connection connect() {
    try {
      return connections.take();
    } catch (SQLException e) {
      throw SourceFailure.unavailable(alias, shown(e), null);
    }
  }

  <T> T asked(Use<T> use) {
    Connection connection = connect();
    boolean clean = false;
    try {
      T value = use.of(connection);
      clean = true;
      return value;
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      giveBack(connection, clean);
    }
  }

  Product product() {
    Product known = product;
    if (known == null) {
      known = asked(connection -> Product.of(connection.getMetaData()));
      if (known.kind() == Product.Kind.SQLITE || known.kind() == Product.Kind.DUCKDB) {
        String connector = known.kind().name().toLowerCase(Locale.ROOT);
        throw SourceFailure.failed(alias, "its files are read by the connector " + connector, null);
      }
      product = known;
    }
    return known;
  }

  String wideDecimal() {
    return wideDecimal;
  }

  @Override
  public String alias() {
    return alias;
  }

  @Override
  public SqlQueries sql() {
    return new JdbcSql(product());
  }

  @Override
  public JdbcValues values() {
    return values;
  }

  @Override
  public int fetchSize() {
    return fetchSize;
  }

  @Override
  public void check(RemoteQuery query, ResultSetMetaData result) throws SQLException {
    for (int i = 0; i < query.outputs().size(); i++) {
      if (query.outputs().get(i).value() instanceof RemoteExpression.Column column) {
        String now =
            JdbcTypes.read(
                result.getColumnType(i + 1),
                result.getColumnTypeName(i + 1),
                result.getPrecision(i + 1),
                result.getScale(i + 1),
                wideDecimal);
        String was = JdbcTypes.family(column.type());
        boolean isSame =
            JdbcTypes.family(now).equals(was)
                || (JdbcTypes.family(now).equals("DECIMAL") && column.type().equals(wideDecimal))
                || (now.equals(wideDecimal) && was.equals("DECIMAL"))
                || (was.equals("VARCHAR") && now.equals("BOOLEAN"));
        if (!isSame) {
          throw SourceFailure.failed(
              alias,
              "column " + query.outputs().get(i).name() + " is " + now + " now, not " + was,
              null);
        }
      }
    }
  }

  /** The driver's exception is not kept as a cause: its text may hold what must not be shown. */
  @Override
  public PolderException failure(SQLException failure) {
    return String.valueOf(failure.getSQLState()).startsWith("08")
        ? SourceFailure.unavailable(alias, shown(failure), null)
        : SourceFailure.failed(alias, shown(failure), null);
  }

  private String shown(SQLException failure) {
    String text = String.valueOf(failure.getMessage());
    for (String secret : secrets) {
      text = secret.isEmpty() ? text : text.replace(secret, "***");
    }
    return text;
  }

  @Override
  public void begin(Connection connection, boolean writes) throws SQLException {
    connection.setAutoCommit(false);
    connection.setReadOnly(!writes);
    if (connection
        .getMetaData()
        .supportsTransactionIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ)) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }
  }

  @Override
  public void giveBack(Connection connection, boolean clean) {
    try {
      if (clean && !connection.getAutoCommit()) {
        connection.setAutoCommit(true);
      }
      connections.giveBack(connection, clean);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try (drivers;
        connections) {
      product = null;
    } catch (SQLException e) {
      throw failure(e);
    } catch (IOException e) {
      throw SourceFailure.failed(alias, "its driver could not be closed", e);
    }
  }
}
