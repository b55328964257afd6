package dev.polder.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.LiveServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.SessionOptionValueFactory;
import org.apache.arrow.flight.SetSessionOptionsRequest;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How clients of each door say which database they mean, move to another and are ended. */
@SuppressWarnings("try")
final class DatabaseBindingTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static LiveServer server;

  @BeforeAll
  static void start() throws SQLException {
    server = new LiveServer(Map.of());
    for (String database : List.of("one", "two")) {
      server.admin("CREATE DATABASE " + database);
      try (Connection connection = connect("database", database)) {
        run(connection, "CREATE TABLE here (name VARCHAR)");
        run(connection, "INSERT INTO here VALUES ('" + database + "')");
        run(connection, "CREATE TABLE log (i INTEGER)");
      }
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Connection connect(String... properties) throws SQLException {
    return connectWith(LiveServer.PASSWORD, properties);
  }

  private static Connection connectWith(String password, String... properties) throws SQLException {
    Properties all = new Properties();
    all.put("user", LiveServer.ADMIN);
    all.put("password", password);
    for (int i = 0; i < properties.length; i += 2) {
      all.put(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(server.endpoints().flightJdbcUrl(), all);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "no row";
    }
  }

  private static LiveServer.Answer http(String path, String sql, String... headers) {
    String pair = LiveServer.ADMIN + ":" + LiveServer.PASSWORD;
    return httpAs(pair, path, "{\"sql\":\"" + sql + "\"}", headers);
  }

  private static LiveServer.Answer httpAs(
      String pair, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.http().resolve(path))
            .header("Content-Type", "application/json")
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
            .POST(BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return LiveServer.answer(HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join());
  }

  @Test
  void jdbcNamesADatabaseByItsPropertyOrHeader() throws SQLException {
    for (String property : List.of("database", "x-polder-database")) {
      try (Connection connection = connect(property, "two")) {
        assertThat(one(connection, "SELECT name FROM here")).isEqualTo("two");
      }
    }
    assertThatThrownBy(
            () -> {
              try (Connection connection = connect("database", "nowhere")) {
                one(connection, "SELECT 1");
              }
            })
        .hasMessageContaining("DATABASE_NOT_FOUND");
  }

  @Test
  void aMirrorThatNothingIsInYetSaysSoInEachDoor() throws SQLException {
    server.admin("CREATE CLUSTER far WITH (url = 'http://127.0.0.1:1', token = 't')");
    server.admin("MIRROR DATABASE unfilled FROM far.prod");
    assertThatThrownBy(
            () -> {
              try (Connection connection = connect("database", "unfilled")) {
                one(connection, "SELECT 1");
              }
            })
        .hasMessageContaining("MIRROR_BOOTSTRAPPING");
    try (Connection connection = connect()) {
      assertThatThrownBy(() -> run(connection, "USE unfilled"))
          .hasMessageContaining("MIRROR_BOOTSTRAPPING");
    }
    assertThat(http("/api/sql", "SELECT 1", "X-Polder-Database", "unfilled").errorCode())
        .isEqualTo("MIRROR_BOOTSTRAPPING");
  }

  @Test
  void whoCannotLogInLearnsNothingOfNames() {
    for (String database : List.of("one", "nowhere")) {
      assertThatThrownBy(() -> connectWith("a wrong password", "database", database).close())
          .hasMessageContaining("INVALID_PASSWORD")
          .hasMessageNotContaining("nowhere");
      assertThat(
              httpAs(
                      "admin:wrong password",
                      "/api/sql",
                      "{\"sql\":\"SELECT 1\"}",
                      "X-Polder-Database",
                      database)
                  .errorCode())
          .isEqualTo("INVALID_PASSWORD");
    }
  }

  @Test
  void inHttpTheHeaderGoesBeforeTheQueryStringAndAnUnknownNameIsRefused() {
    String sql = "SELECT name FROM here";
    assertThat(http("/api/sql?database=one", sql).cell().asText()).isEqualTo("one");
    assertThat(http("/api/sql?database=one", sql, "X-Polder-Database", "two").cell().asText())
        .isEqualTo("two");
    assertThat(http("/api/sql?database=one", sql, "X-Polder-Database", "nowhere").errorCode())
        .isEqualTo("DATABASE_NOT_FOUND");
    assertThat(http("/api/sql?database=nowhere", "INSERT INTO log VALUES (1)").errorCode())
        .isEqualTo("DATABASE_NOT_FOUND");
  }

  @Test
  void useInJdbcEndsTheTransactionAndWhatWasPrepared() throws SQLException {
    try (Connection connection = connect("database", "one");
        PreparedStatement prepared = connection.prepareStatement("SELECT name FROM here")) {
      run(connection, "BEGIN");
      run(connection, "INSERT INTO log VALUES (1)");
      run(connection, "USE DATABASE two");
      assertThatThrownBy(prepared::executeQuery)
          .hasMessageContaining("PREPARED_STATEMENT_NOT_FOUND");
      assertThat(one(connection, "SELECT name FROM here")).isEqualTo("two");
      run(connection, "USE one");
      assertThat(one(connection, "SELECT count(*) FROM log")).isEqualTo("0");
    }
  }

  @Test
  void aRefusedUseInJdbcLeavesTransactionAndPreparedStatementsAsTheyAre() throws SQLException {
    try (Connection connection = connect("database", "one");
        PreparedStatement prepared = connection.prepareStatement("SELECT count(*) FROM log")) {
      run(connection, "BEGIN");
      run(connection, "INSERT INTO log VALUES (1)");
      assertThatThrownBy(() -> run(connection, "USE DATABASE nowhere"))
          .hasMessageContaining("DATABASE_NOT_FOUND");
      try (ResultSet rows = prepared.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isEqualTo(1);
      }
      run(connection, "ROLLBACK");
    }
  }

  @Test
  void theSessionOptionCatalogIsUse() throws Exception {
    try (BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightClient.builder(
                    allocator,
                    Location.forGrpcInsecure(
                        server.endpoints().flight().getHost(),
                        server.endpoints().flight().getPort()))
                .build();
        FlightSqlClient sql = new FlightSqlClient(client)) {
      CallOption login =
          client.authenticateBasicToken(LiveServer.ADMIN, LiveServer.PASSWORD).orElseThrow();
      FlightSqlClient.Transaction transaction = sql.beginTransaction(login);
      assertThat(sql.setSessionOptions(catalog("nowhere"), login).hasErrors()).isTrue();
      assertThat(sql.setSessionOptions(catalog("two"), login).hasErrors()).isFalse();
      assertThat(fetch(sql, "SELECT name FROM here", login)).containsExactly("two");
      assertThatThrownBy(() -> sql.commit(transaction, login))
          .hasMessageContaining("NO_ACTIVE_TRANSACTION");
    }
  }

  private static SetSessionOptionsRequest catalog(String name) {
    return new SetSessionOptionsRequest(
        Map.of("catalog", SessionOptionValueFactory.makeSessionOptionValue(name)));
  }

  private static List<String> fetch(FlightSqlClient sql, String query, CallOption login)
      throws Exception {
    List<String> values = new ArrayList<>();
    try (FlightStream stream =
        sql.getStream(sql.execute(query, login).getEndpoints().getFirst().getTicket(), login)) {
      while (stream.next()) {
        for (int row = 0; row < stream.getRoot().getRowCount(); row++) {
          values.add(String.valueOf(stream.getRoot().getVector(0).getObject(row)));
        }
      }
    }
    return values;
  }

  @Test
  void bothDoorsCountTheirBytesAndAKilledSessionIsToldSo() throws SQLException {
    server.admin("CREATE DATABASE busy");
    try (Connection connection = connect("database", "busy")) {
      one(connection, "SELECT max(s) FROM (SELECT repeat('x', 100000) AS s)");
      JsonNode session = session("busy");
      assertThat(session.path("bytes_in").asLong()).isBetween(50L, 10_000L);
      assertThat(session.path("bytes_out").asLong()).isGreaterThan(100_000);
      assertThat(session.path("door").asText()).isEqualTo("flight");
      kill(session);
      assertThatThrownBy(() -> one(connection, "SELECT 1")).hasMessageContaining("SESSION_KILLED");
      assertThat(one(connection, "SELECT current_database()")).isEqualTo("busy");
    }
    server.admin("CREATE DATABASE calm");
    String id =
        httpAs(admin(), "/api/session", "{\"database\":\"calm\"}").json().path("session").asText();
    assertThat(http("/api/sql", "SELECT repeat('x', 100000)", "X-Polder-Session", id).status())
        .isEqualTo(200);
    JsonNode held = session("calm");
    assertThat(held.path("session_id").asText()).isEqualTo(id);
    assertThat(held.path("bytes_out").asLong()).isGreaterThan(100_000);
    assertThat(held.path("bytes_in").asLong()).isPositive();
    kill(held);
    assertThat(http("/api/sql", "SELECT 1", "X-Polder-Session", id).errorCode())
        .isEqualTo("SESSION_KILLED");
    assertThat(http("/api/sql", "SELECT 1", "X-Polder-Session", id).errorCode())
        .isEqualTo("SESSION_NOT_FOUND");
  }

  private static String admin() {
    return LiveServer.ADMIN + ":" + LiveServer.PASSWORD;
  }

  /** The oldest session in a database. */
  private static JsonNode session(String database) {
    LiveServer.Answer answer = server.get("/api/session/list?databaseName=" + database);
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    return answer.json().path("sessions").path(0);
  }

  private static void kill(JsonNode session) {
    String body = "{\"id\":\"" + session.path("session_id").asText() + "\"}";
    assertThat(httpAs(admin(), "/api/session/kill", body).status()).isEqualTo(200);
  }
}
