package dev.polder.door.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What holds for the Arrow Flight SQL JDBC driver, whatever the server runs on. */
public abstract class JdbcContract {
  protected abstract ServerUnderTest server();

  protected Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.put("user", server().user());
    properties.put("password", server().password());
    properties.put("database", server().database());
    return DriverManager.getConnection(url("useEncryption=false"), properties);
  }

  private String url(String options) {
    return "jdbc:arrow-flight-sql://" + server().host() + ":" + server().port() + "/?" + options;
  }

  private static String freshName() {
    return "t_" + UUID.randomUUID().toString().replace("-", "");
  }

  @Test
  void aQueryAnswersTypedRows() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT 42 AS i, 'Zürich 🚲' AS s, 1.25::DECIMAL(9,2) AS d, DATE '2026-01-02' AS day,"
                    + " TRUE AS b, NULL::BIGINT AS n, TIMESTAMP '2026-01-02 03:04:05.678901' AS ts")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt("i")).isEqualTo(42);
      assertThat(rows.getString("s")).isEqualTo("Zürich 🚲");
      assertThat(rows.getBigDecimal("d")).isEqualByComparingTo("1.25");
      assertThat(rows.getString("day")).isEqualTo("2026-01-02");
      assertThat(rows.getBoolean("b")).isTrue();
      assertThat(rows.getObject("n")).isNull();
      assertThat(rows.getString("ts")).startsWith("2026-01-02 03:04:05.678");
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void aMillionRowsArriveAsTheyLeft() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT range AS i, 'v' || range AS s FROM range(1000000)")) {
      long count = 0;
      while (rows.next()) {
        long value = rows.getLong(1);
        assertThat(value).isEqualTo(count);
        if (count % 10_007 == 0) {
          assertThat(rows.getString(2)).isEqualTo("v" + count);
        }
        count++;
      }
      assertThat(count).isEqualTo(1_000_000);
    }
  }

  @Test
  void updatesAnswerTheirCounts() throws SQLException {
    String table = freshName();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (i INTEGER, s VARCHAR)");
      assertThat(statement.executeUpdate("INSERT INTO " + table + " VALUES (1,'a'),(2,'b')"))
          .isEqualTo(2);
      assertThat(statement.executeUpdate("UPDATE " + table + " SET s = 'c' WHERE i = 2"))
          .isEqualTo(1);
      assertThat(statement.executeUpdate("DELETE FROM " + table)).isEqualTo(2);
      statement.execute("DROP TABLE " + table);
    }
  }

  @Test
  void aPreparedStatementTakesParameters() throws SQLException {
    String table = freshName();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + table
              + " (i INTEGER, l BIGINT, s VARCHAR, d DECIMAL(9,2), f DOUBLE, day DATE, ts TIMESTAMP)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
        insert.setInt(1, 7);
        insert.setLong(2, 1L << 40);
        insert.setString(3, "it's");
        insert.setBigDecimal(4, new BigDecimal("12.34"));
        insert.setDouble(5, 0.5);
        insert.setDate(6, Date.valueOf("2026-03-04"));
        insert.setTimestamp(7, Timestamp.valueOf("2026-03-04 05:06:07"));
        assertThat(insert.executeUpdate()).isEqualTo(1);
      }
      try (PreparedStatement query =
          connection.prepareStatement("SELECT s, d, f, l FROM " + table + " WHERE i = ?")) {
        query.setInt(1, 7);
        try (ResultSet rows = query.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("it's");
          assertThat(rows.getBigDecimal(2)).isEqualByComparingTo("12.34");
          assertThat(rows.getDouble(3)).isEqualTo(0.5);
          assertThat(rows.getLong(4)).isEqualTo(1L << 40);
        }
        query.setInt(1, 8);
        try (ResultSet rows = query.executeQuery()) {
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @Test
  void aBatchOfParametersTakesEffectAsAWhole() throws SQLException {
    String table = freshName();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (i INTEGER NOT NULL)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
        for (int i = 0; i < 10; i++) {
          insert.setInt(1, i);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
        rows.next();
        assertThat(rows.getLong(1)).isEqualTo(10);
      }
    }
  }

  @Test
  void aResultCanBeReadWhileOtherStatementsRun() throws SQLException {
    try (Connection connection = connect();
        Statement outer = connection.createStatement();
        ResultSet rows = outer.executeQuery("SELECT range AS i FROM range(3000000)")) {
      for (int i = 0; i < 3; i++) {
        rows.next();
        try (Statement inner = connection.createStatement();
            ResultSet one = inner.executeQuery("SELECT " + i)) {
          one.next();
          assertThat(one.getInt(1)).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void anErrorNamesItsCodeAndState() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM no_such_table"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("COLLECTION_NOT_FOUND (42P01): ");
    }
  }

  @Test
  void anUnknownDatabaseIsRefused() {
    assertThatThrownBy(
            () -> {
              try (Connection connection =
                      DriverManager.getConnection(
                          url("useEncryption=false&database=nowhere"),
                          server().user(),
                          server().password());
                  Statement statement = connection.createStatement()) {
                statement.executeQuery("SELECT 1");
              }
            })
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("DATABASE_NOT_FOUND (3D000): ");
  }

  @Test
  void aWrongPasswordIsRefused() {
    assertThatThrownBy(() ->
            DriverManager.getConnection(
                    url("useEncryption=false"), server().user(), "not the password")
                .close())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("28P01");
  }

  @Test
  void metadataListsSchemasTablesAndColumns() throws SQLException {
    String table = freshName();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (i INTEGER, s VARCHAR, d DECIMAL(9,2))");
      assertThat(column(connection.getMetaData().getTables(null, null, table, null), 3))
          .containsExactly(table);
      assertThat(
              column(
                  connection.getMetaData().getTables(null, null, table, new String[] {"VIEW"}), 3))
          .isEmpty();
      assertThat(column(connection.getMetaData().getColumns(null, null, table, null), 4))
          .containsExactly("i", "s", "d");
      assertThat(column(connection.getMetaData().getSchemas(), 1)).contains("main");
      assertThat(column(connection.getMetaData().getTableTypes(), 1))
          .containsExactly("TABLE", "VIEW");
      assertThat(column(connection.getMetaData().getCatalogs(), 1)).isNotEmpty();
      assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("Polder");
      assertThat(connection.getMetaData().getIdentifierQuoteString()).isEqualTo("\"");
      assertThat(column(connection.getMetaData().getPrimaryKeys(null, null, table), 3)).isEmpty();
    }
  }

  private static List<String> column(ResultSet rows, int number) throws SQLException {
    try (rows) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(number));
      }
      return values;
    }
  }
}
