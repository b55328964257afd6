package dev.polder.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.server.LiveServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The audit trail and the figures of databases, as clients see them. */
final class AuditTrailTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static LiveServer server;

  @BeforeAll
  static void start() {
    server = new LiveServer(Map.of());
    server.admin("CREATE DATABASE trail");
    server.admin("ALTER DATABASE trail SET AUDIT_DML = 'all'");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> get(String path) {
    String pair = LiveServer.ADMIN + ":" + LiveServer.PASSWORD;
    HttpRequest request =
        HttpRequest.newBuilder(server.http().resolve(path))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
            .GET()
            .build();
    return HTTP.sendAsync(request, BodyHandlers.ofString()).join();
  }

  private static JsonNode json(String path) throws IOException {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static Connection connect(String database) throws SQLException {
    Properties all = new Properties();
    all.put("user", LiveServer.ADMIN);
    all.put("password", LiveServer.PASSWORD);
    all.put("database", database);
    return DriverManager.getConnection(server.endpoints().flightJdbcUrl(), all);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> operations() throws IOException {
    List<String> operations = new ArrayList<>();
    for (JsonNode record :
        json("/api/audit/list?databaseName=trail&eventType=dml").get("records")) {
      operations.add(JSON.readTree(record.get("detail").asText()).get("operation").asText());
    }
    return operations;
  }

  @Test
  void aDroppedDatabasesTrailIsThereByItsNumber() throws Exception {
    server.admin("CREATE DATABASE brief");
    server.admin("DROP DATABASE brief");
    server.admin("CREATE DATABASE brief");
    String id = server.admin("SHOW DROPPED DATABASES").cell().asText();
    assertThat(json("/api/audit/list?databaseId=" + id).get("records"))
        .extracting(record -> record.get("event_type").asText())
        .containsExactly("database_dropped", "database_created");
    assertThat(json("/api/audit/verify?databaseId=" + id).get("rows_checked").asLong())
        .isEqualTo(2);
    assertThat(get("/api/audit/export?databaseId=" + id).body().lines()).hasSize(2);
    assertThat(get("/api/audit/verify?databaseName=brief&databaseId=" + id).statusCode())
        .isEqualTo(400);
  }

  @Test
  void everyDoorsStatementsAreInTheTrailAndAnExportCanBeVerified() throws Exception {
    try (Connection connection = connect("trail")) {
      run(connection, "CREATE TABLE t (id BIGINT)");
      run(connection, "INSERT INTO t VALUES (1), (2)");
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT id FROM t")) {
        assertThat(rows.next()).isTrue();
      }
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(operations()).contains("INSERT", "SELECT"));
    String export = get("/api/audit/export?databaseName=trail").body();
    String hash = "0".repeat(64);
    long seq = 0;
    for (String line : export.lines().toList()) {
      JsonNode record = JSON.readTree(line);
      seq++;
      assertThat(record.get("seq").asLong()).isEqualTo(seq);
      assertThat(record.get("previous_hash").asText()).isEqualTo(hash);
      hash = hash(record);
      assertThat(record.get("hash").asText()).isEqualTo(hash);
    }
    JsonNode verdict = json("/api/audit/verify?databaseName=trail");
    assertThat(verdict.get("intact").asBoolean()).isTrue();
    assertThat(verdict.get("head_seq").asLong()).isGreaterThanOrEqualTo(seq);
    assertThat(get("/api/audit/export?databaseName=trail&after=" + (seq - 1)).body().lines())
        .hasSizeGreaterThanOrEqualTo(1)
        .first()
        .asString()
        .contains("\"seq\":" + seq + ",");
    assertThat(get("/api/audit/export?databaseName=nowhere").statusCode()).isNotEqualTo(200);
  }

  private static String hash(JsonNode record) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String field :
        List.of(
            "chain",
            "seq",
            "at",
            "user",
            "tenant",
            "event_type",
            "object",
            "outcome",
            "detail",
            "previous_hash")) {
      JsonNode value = record.get(field);
      byte[] bytes = value.asText().getBytes(StandardCharsets.UTF_8);
      digest.update((value.isNull() ? "-" : bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(value.isNull() ? new byte[0] : bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void aKilledSessionOfHttpIsToldSoOnceAlsoWhereItKilledItself() throws Exception {
    String id = json(post("/api/session", "", null)).path("session").asText();
    assertThat(post("/api/sql", "{\"sql\":\"KILL SESSION '" + id + "'\"}", id).statusCode())
        .isEqualTo(200);
    assertThat(post("/api/sql", "{\"sql\":\"SELECT 1\"}", id).body()).contains("SESSION_KILLED");
    assertThat(post("/api/sql", "{\"sql\":\"SELECT 1\"}", id).body()).contains("SESSION_NOT_FOUND");
  }

  @Test
  void useWithoutASessionTellsThatItChangesNothing() throws Exception {
    String use = "{\"sql\":\"USE DATABASE trail\"}";
    assertThat(post("/api/sql", use, null).body()).contains("USE changes nothing here");
    String id = json(post("/api/session", "", null)).path("session").asText();
    assertThat(post("/api/sql", use, id).body()).doesNotContain("changes nothing");
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  private static HttpResponse<String> post(
      String path, String body, @org.jspecify.annotations.Nullable String session) {
    String pair = LiveServer.ADMIN + ":" + LiveServer.PASSWORD;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.http().resolve(path))
            .header("Content-Type", "application/json")
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (session != null) {
      request.header("X-Polder-Session", session);
    }
    return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join();
  }

  private static String metrics() {
    return get("/metrics").body();
  }

  @Test
  void aDatabasesFiguresGoOnUnderItsNewNameAndEndWithIt() throws SQLException {
    server.admin("CREATE DATABASE figures");
    try (Connection connection = connect("figures")) {
      run(connection, "CREATE TABLE t (id BIGINT)");
      run(connection, "INSERT INTO t VALUES (1), (2)");
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(metrics())
                  .contains(
                      "polder_database_qps{database=\"figures\"}",
                      "polder_database_memory_bytes{database=\"figures\"}",
                      "polder_database_connections{database=\"figures\"} 1.0",
                      "polder_database_wal_commit_latency_p99{database=\"figures\"}",
                      "polder_database_maintenance_cpu_seconds{database=\"figures\"}",
                      "polder_tenant_qps{database=\"figures\",tenant=\"default\"}",
                      "polder_tenant_memory_bytes{database=\"figures\",tenant=\"default\"}",
                      "# HELP polder_database_storage_bytes Bytes of live files",
                      "# HELP polder_tenant_qps Statements a second",
                      "polder_collector_condemned_total",
                      "polder_collector_bytes_total",
                      "polder_collector_duration_seconds_total")
                  .containsPattern(
                      "polder_database_storage_bytes\\{database=\"figures\"\\} [1-9]"));
    }
    server.admin("ALTER DATABASE figures RENAME TO numbers");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(metrics()).contains("database=\"numbers\"").doesNotContain("\"figures\""));
    server.admin("DROP DATABASE numbers CASCADE");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(metrics()).doesNotContain("database=\"numbers\""));
  }
}
