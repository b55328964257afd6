package dev.polder.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.server.LiveServer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements that JDBC prepares: what they say of themselves beforehand, and their parameters. */
final class PreparedStatementsTest {
  private static LiveServer server;
  private static Connection connection;
  private String table;

  @BeforeAll
  static void start() throws SQLException {
    server = new LiveServer(Map.of());
    Properties properties = new Properties();
    properties.put("user", LiveServer.ADMIN);
    properties.put("password", LiveServer.PASSWORD);
    connection = DriverManager.getConnection(server.endpoints().flightJdbcUrl(), properties);
  }

  @AfterAll
  static void stop() throws SQLException {
    connection.close();
    server.close();
  }

  @BeforeEach
  void table() throws SQLException {
    table = "t_" + UUID.randomUUID().toString().replace("-", "");
    run("CREATE TABLE " + table + " (i INTEGER, s VARCHAR, d DECIMAL(9,2), day DATE)");
    run(
        "INSERT INTO "
            + table
            + " VALUES (1, 'one', 1.5, DATE '2026-01-01'), (2, 'two', 2.5, NULL)");
  }

  private static void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<List<String>> rows(ResultSet result) throws SQLException {
    try (result) {
      List<List<String>> rows = new ArrayList<>();
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static List<List<String>> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return rows(statement.executeQuery(sql));
    }
  }

  @Test
  void aParameterThatIsAColumnsValueHasTheColumnsType() throws SQLException {
    try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO " + table + " (day, d, i, s) VALUES (?, ?, ?, upper(?))");
        PreparedStatement update =
            connection.prepareStatement("UPDATE " + table + " SET day = ?, d = ? WHERE i = ?")) {
      insert.setDate(1, Date.valueOf("2026-05-06"));
      insert.setBigDecimal(2, new BigDecimal("7.25"));
      insert.setInt(3, 3);
      insert.setString(4, "three");
      assertThat(insert.executeUpdate()).isEqualTo(1);
      update.setDate(1, Date.valueOf("2026-07-08"));
      update.setBigDecimal(2, new BigDecimal("8.50"));
      update.setInt(3, 2);
      assertThat(update.executeUpdate()).isEqualTo(1);
      assertThat(insert.getParameterMetaData().getParameterCount()).isEqualTo(4);
    }
    assertThat(query("SELECT * FROM " + table + " WHERE i > 1 ORDER BY i"))
        .containsExactly(
            List.of("2", "two", "8.50", "2026-07-08"), List.of("3", "THREE", "7.25", "2026-05-06"));
  }

  @Test
  void aNullParameterIsNull() throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE " + table + " SET s = ? WHERE i = ?")) {
      update.setNull(1, Types.VARCHAR);
      update.setInt(2, 1);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
    assertThat(query("SELECT i FROM " + table + " WHERE s IS NULL")).containsExactly(List.of("1"));
  }

  @Test
  void theParametersOfAMergeStandWhereTheyWereWritten() throws SQLException {
    try (PreparedStatement merge =
        connection.prepareStatement(
            "MERGE INTO "
                + table
                + " t USING (SELECT ?::INTEGER AS i UNION ALL SELECT 9) s ON t.i = s.i AND t.s <> ?"
                + " WHEN MATCHED AND t.d < ? THEN UPDATE SET day = ?, s = ?"
                + " WHEN NOT MATCHED THEN INSERT (s, i) VALUES (?, s.i)")) {
      merge.setInt(1, 1);
      merge.setString(2, "nothing");
      merge.setBigDecimal(3, new BigDecimal("2.00"));
      merge.setDate(4, Date.valueOf("2026-09-09"));
      merge.setString(5, "uno");
      merge.setString(6, "new");
      assertThat(merge.executeUpdate()).isEqualTo(2);
    }
    assertThat(query("SELECT i, s, day FROM " + table + " WHERE i <> 2 ORDER BY i"))
        .containsExactly(
            List.of("1", "uno", "2026-09-09"), java.util.Arrays.asList("9", "new", null));
  }

  @Test
  void aDeleteTakesParameters() throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM " + table + " WHERE i = ? AND s = ?")) {
      delete.setInt(1, 1);
      delete.setString(2, "one");
      assertThat(delete.executeUpdate()).isEqualTo(1);
    }
    assertThat(query("SELECT i FROM " + table)).containsExactly(List.of("2"));
  }

  @Test
  void columnsAreKnownBeforeParametersHaveTypes() throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT ? AS a, i AS b, ? AS c FROM " + table + " WHERE i = 1")) {
      ResultSetMetaData columns = query.getMetaData();
      assertThat(columns.getColumnCount()).isEqualTo(3);
      assertThat(columns.getColumnName(2)).isEqualTo("b");
      query.setString(1, "x");
      query.setString(2, "y");
      assertThat(rows(query.executeQuery())).containsExactly(List.of("x", "1", "y"));
    }
  }

  @Test
  void insertReturningAnswersRowsOfThePreparedColumns() throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO " + table + " (i, s) VALUES (?, ?) RETURNING i * 10 AS ten, s, day")) {
      assertThat(insert.getMetaData().getColumnCount()).isEqualTo(3);
      insert.setInt(1, 5);
      insert.setString(2, "five");
      assertThat(rows(insert.executeQuery()))
          .containsExactly(java.util.Arrays.asList("50", "five", null));
    }
    assertThat(query("SELECT count(*) FROM " + table)).containsExactly(List.of("3"));
  }

  @Test
  void preparingAnUnknownTableFailsAtOnce() {
    assertThatThrownBy(() -> connection.prepareStatement("INSERT INTO no_such_table VALUES (?)"))
        .isInstanceOf(SQLException.class)
        .hasStackTraceContaining("COLLECTION_NOT_FOUND (42P01)");
  }

  @Test
  void aValueOfAnotherTypeIsConverted() throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT s FROM " + table + " WHERE i = ?")) {
      query.setLong(1, 2);
      assertThat(rows(query.executeQuery())).containsExactly(List.of("two"));
    }
  }
}
