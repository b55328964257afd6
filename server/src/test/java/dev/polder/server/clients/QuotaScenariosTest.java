package dev.polder.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.LiveServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Quotas as clients of the doors meet them. */
@SuppressWarnings("try")
final class QuotaScenariosTest {
  private static LiveServer server;

  @BeforeAll
  static void start() {
    server = new LiveServer(Map.of("POLDER_QUOTA_DATABASE_MAX_QPS", "100000"));
    server.admin("CREATE TENANT acme");
    server.admin("CREATE TENANT beta");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A JDBC connection that has done something, so that its session is there. */
  private static Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.put("user", LiveServer.ADMIN);
    properties.put("password", LiveServer.PASSWORD);
    properties.put("database", database);
    Connection connection =
        DriverManager.getConnection(server.endpoints().flightJdbcUrl(), properties);
    try {
      one(connection, "SELECT 1");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private static List<JsonNode> quota(String path) {
    return StreamSupport.stream(server.get(path).json().elements().next().spliterator(), false)
        .toList();
  }

  private static String limit(String database, String resource) {
    return quota("/api/database/quota?databaseName=" + database).stream()
        .filter(row -> row.get("quota_name").asText().equals(resource))
        .findFirst()
        .orElseThrow()
        .get("limit")
        .asText();
  }

  @Test
  void createWithAllOptionsIsShownAndWhatIsLeftOutHasItsDefault() {
    server.admin(
        "CREATE DATABASE analytics WITH (max_memory_bytes=5368709120,"
            + " max_storage_bytes=10737418240, max_qps=5000, max_connections=500, cache_weight=2,"
            + " priority_class='bulk', maintenance_cpu_pct=50)");
    assertThat(limit("analytics", "memory_bytes")).isEqualTo("5368709120");
    assertThat(limit("analytics", "connections")).isEqualTo("500");
    JsonNode row = quota("/api/database/quota?databaseName=analytics").getFirst();
    assertThat(row.get("priority_class").asText()).isEqualTo("bulk");
    assertThat(row.get("cache_weight").asInt()).isEqualTo(2);
    assertThat(row.get("maintenance_cpu_pct").asInt()).isEqualTo(50);
    server.admin("CREATE DATABASE plain");
    row = quota("/api/database/quota?databaseName=plain").getFirst();
    assertThat(row.get("priority_class").asText()).isEqualTo("standard");
    assertThat(row.get("cache_weight").asInt()).isEqualTo(1);
    assertThat(row.get("maintenance_cpu_pct").asInt()).isEqualTo(25);
    assertThat(limit("plain", "qps")).isEqualTo("100000");
    assertThat(limit("plain", "storage_bytes")).isEqualTo("unlimited");
    LiveServer.Answer twice = server.sql("CREATE DATABASE plain");
    assertThat(twice.json().path("error").path("sqlState").asText()).isEqualTo("42P04");
  }

  @Test
  void oneConnectionIsOneHoweverManyStatementsItRunsAtOnce() throws Exception {
    server.admin("CREATE DATABASE narrow WITH (max_connections = 1)");
    server.admin("CREATE DATABASE wide");
    try (Connection connection = connect("narrow");
        Statement first = connection.createStatement();
        ResultSet open = first.executeQuery("SELECT i FROM range(2000000) r(i)")) {
      assertThat(open.next()).isTrue();
      List<Callable<String>> parallel =
          Collections.nCopies(3, () -> one(connection, "SELECT sum(i) FROM range(9) r(i)"));
      try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
        for (Future<String> each : threads.invokeAll(parallel)) {
          assertThat(each.get()).isEqualTo("36");
        }
      }
      assertThatThrownBy(() -> connect("narrow"))
          .hasStackTraceContaining("CONNECTION_QUOTA_EXCEEDED");
      assertThat(open.next()).isTrue();
      open.close();
      try (Statement use = connection.createStatement()) {
        use.execute("USE DATABASE wide");
      }
      try (Connection other = connect("narrow")) {
        assertThat(one(other, "SELECT 1")).isEqualTo("1");
        assertThatThrownBy(() -> connect("narrow"))
            .hasStackTraceContaining("CONNECTION_QUOTA_EXCEEDED");
      }
    }
  }

  @Test
  void tenantsNeverHaveMoreThanTheirDatabase() throws Exception {
    for (String tenant : List.of("acme", "beta")) {
      server.admin("CREATE DATABASE from_" + tenant + " FOR TENANT " + tenant);
    }
    server.admin("CREATE DATABASE shared WITH (max_storage_bytes = 1000)");
    server.admin("MOVE TENANT acme FROM from_acme TO shared");
    server.admin("MOVE TENANT beta FROM from_beta TO shared");
    server.admin(raise("acme", 600));
    assertThat(server.sql(raise("beta", 401)).errorCode()).isEqualTo("QUOTA_OVERCOMMIT");
    server.admin(raise("beta", 400));
    server.admin(raise("acme", 600));
    LiveServer.Answer lower =
        server.post("/api/database/quota/update", "{\"name\":\"shared\",\"maxStorageBytes\":999}");
    assertThat(lower.errorCode()).isEqualTo("QUOTA_OVERCOMMIT");
    assertThat(lower.status()).isEqualTo(409);
    for (int round = 0; round < 5; round++) {
      server.admin(raise("acme", 1));
      server.admin(raise("beta", 1));
      List<Callable<Integer>> raises =
          List.of(
              () -> server.sql(raise("acme", 700)).status(),
              () -> server.sql(raise("beta", 700)).status());
      List<Integer> done = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        for (Future<Integer> each : threads.invokeAll(raises)) {
          done.add(each.get());
        }
      }
      assertThat(done).containsExactlyInAnyOrder(200, 409);
    }
  }

  private static String raise(String tenant, int bytes) {
    return "ALTER TENANT "
        + tenant
        + " IN DATABASE shared SET QUOTA (max_storage_bytes = "
        + bytes
        + ")";
  }

  @Test
  void aConnectionTooManyIsRefusedUntilOneEnds() throws SQLException {
    server.admin("CREATE DATABASE busy WITH (max_connections = 2)");
    server.admin("CREATE DATABASE calm");
    try (Connection first = connect("busy");
        Connection second = connect("busy")) {
      assertThatThrownBy(() -> connect("busy"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("CONNECTION_QUOTA_EXCEEDED");
      LiveServer.Answer http = server.post("/api/sql?database=busy", "{\"sql\":\"SELECT 1\"}");
      assertThat(http.status()).isEqualTo(429);
      assertThat(http.json().path("error").path("sqlState").asText()).isEqualTo("53300");
      use(first, "calm");
      try (Connection third = connect("busy")) {
        assertThatThrownBy(() -> use(first, "busy"))
            .hasMessageContaining("CONNECTION_QUOTA_EXCEEDED");
        assertThat(one(first, "SELECT current_database()")).isEqualTo("calm");
        server
            .get("/api/session/list?databaseName=busy")
            .json()
            .get("sessions")
            .forEach(row -> server.admin("KILL SESSION '" + row.get("session_id").asText() + "'"));
        use(first, "busy");
        assertThat(third.isClosed()).isFalse();
      }
    }
  }

  private static void use(Connection connection, String database) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("USE DATABASE " + database);
    }
  }

  @Test
  void theFiguresOfAllAreForThoseWhoAdministerAll() {
    String password = "quite a long password";
    server.admin("CREATE USER of_acme PASSWORD '" + password + "' TENANT acme");
    server.admin("CREATE USER of_all PASSWORD '" + password + "'");
    assertThat(server.remoteStatus("/metrics", "of_acme", password)).isEqualTo(403);
    assertThat(server.remoteStatus("/metrics", "of_all", password)).isEqualTo(403);
    server.admin("GRANT ROLE cluster_admin TO USER of_all");
    assertThat(server.remoteStatus("/metrics", "of_all", password)).isEqualTo(200);
    assertThat(server.remoteStatus("/metrics", LiveServer.ADMIN, LiveServer.PASSWORD))
        .isEqualTo(200);
  }

  @Test
  void statementsAndStorageBeyondTheQuotaAreRefusedWithTheirCodes() throws SQLException {
    server.admin("CREATE DATABASE slow");
    try (Connection connection = connect("slow")) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t AS SELECT range AS i FROM range(1000)");
        server.admin("ALTER DATABASE slow SET QUOTA (max_storage_bytes = 1)");
        assertThatThrownBy(() -> statement.execute("INSERT INTO t VALUES (1)"))
            .hasMessageContaining("STORAGE_QUOTA_EXCEEDED");
        assertThat(one(connection, "SELECT count(*) FROM t")).isEqualTo("1000");
        statement.execute("DELETE FROM t WHERE i < 10");
      }
      server.admin("ALTER DATABASE slow SET QUOTA (max_qps = 2)");
      LiveServer.Answer refused = null;
      for (int i = 0; i < 50 && (refused == null || refused.status() == 200); i++) {
        refused = server.post("/api/sql?database=slow", "{\"sql\":\"SELECT 1\"}");
      }
      assertThat(refused).isNotNull();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.errorCode()).isEqualTo("QPS_QUOTA_EXCEEDED");
      assertThat(refused.json().path("error").path("sqlState").asText()).isEqualTo("53400");
    }
  }
}
