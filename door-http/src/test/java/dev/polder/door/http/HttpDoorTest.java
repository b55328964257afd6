package dev.polder.door.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.door.http.ApiClient.Reply;
import dev.polder.http.HttpListener;
import dev.polder.http.ListenerOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a plain DuckDB, and what only shows from inside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpDoorTest extends HttpContract {
  @TempDir static Path directory;
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private DuckSessions sessions;
  private HttpListener door;

  @BeforeAll
  void start() throws Exception {
    sessions = new DuckSessions();
    TestCredentials users = new TestCredentials();
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    door =
        TestListener.start(
            ListenerOptions.defaults().listeningOn("127.0.0.1", 0).with(Duration.ofSeconds(2)),
            users,
            metrics,
            new HttpDoor(
                new HttpOptions(1 << 20, Duration.ofSeconds(1), 4, Duration.ofHours(8)),
                new HttpServices(
                    sessions,
                    new DirectoryStaging(directory),
                    new FixedFeed(),
                    users,
                    () ->
                        new Readiness(
                            ready.get(), Map.of("metastore", ready.get() ? "up" : "down")),
                    metrics)));
  }

  @AfterAll
  void stop() throws Exception {
    door.close();
    Awaitility.await().until(() -> sessions.count() == 0);
    assertThat(sessions.arrowBytes()).isZero();
    sessions.close();
  }

  @Override
  protected URI baseUri() {
    return door.baseUri();
  }

  @Override
  protected String user() {
    return "admin";
  }

  @Override
  protected String password() {
    return "nimda";
  }

  @Test
  void readinessFollowsTheServer() throws Exception {
    ready.set(false);
    Reply reply = api.send(api.anonymous("/ready"));
    ready.set(true);

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().path("checks").path("metastore").asText()).isEqualTo("down");
  }

  @Test
  void metricsAreForThisMachineAndForAdministrators() throws Exception {
    api.sql("SELECT 1", new String[0]);
    Reply local = api.send(api.anonymous("/metrics"));
    Reply proxied = api.send(api.anonymous("/metrics").header("X-Forwarded-For", "203.0.113.9"));
    Reply ofTenant = api.send(remote("bob", "bob"));
    Reply ofAdministrator = api.send(remote("admin", "nimda"));

    assertThat(local.text())
        .contains("http_server_requests_seconds_count")
        .contains("polder_http_statements_seconds_count")
        .contains("polder_http_sessions")
        .contains("jvm_memory_used_bytes");
    assertThat(proxied.status()).isEqualTo(401);
    assertThat(ofTenant.status()).isEqualTo(403);
    assertThat(ofTenant.text()).doesNotContain("polder_http_sessions");
    assertThat(ofAdministrator.status()).isEqualTo(200);
  }

  private HttpRequest.Builder remote(String user, String password) {
    String pair = user + ":" + password;
    return api.anonymous("/metrics")
        .header("X-Forwarded-For", "203.0.113.9")
        .header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void metricsAreNotForAPageThatPointedItsNameHere() throws Exception {
    for (String host : new String[] {"evil.example:" + door.port(), "evil.example"}) {
      assertThat(raw("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 401");
    }
    assertThat(raw("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void aPageOfAnotherSiteNeitherSendsStatementsNorReadsAnswers() throws Exception {
    Reply form =
        api.send(
            api.request("/api/sql")
                .header("Origin", "https://evil.example")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"sql\":\"SELECT 1\"}")));
    Reply asked =
        api.send(
            api.anonymous("/api/sql")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()));

    assertThat(form.status()).isEqualTo(415);
    assertThat(asked.status()).isGreaterThanOrEqualTo(400);
    assertThat(asked.header("Access-Control-Allow-Origin")).isEmpty();
    assertThat(form.header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void credentialsThatDisagreeAreRefused() throws Exception {
    Reply both =
        api.send(api.request("/api/auth/whoami").header("X-API-Key", TestCredentials.STATIC_KEY));
    Reply twice =
        api.send(api.request("/api/auth/whoami").header("authorization", "Basic Ym9iOmJvYg=="));
    Reply empty = api.send(api.anonymous("/api/auth/whoami").header("Authorization", ""));

    assertThat(both.status()).isEqualTo(400);
    assertThat(twice.status()).isEqualTo(400);
    assertThat(empty.status()).isEqualTo(401);
  }

  @Test
  void nobodyFillsTheMemoryBeforeLoggingIn() throws Exception {
    String name = "x".repeat(20_000);
    Reply reply =
        api.send(
            api.anonymous("/api/auth/login")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"user\":\"" + name + "\",\"password\":\"p\"}")));

    assertThat(reply.code()).isEqualTo("REQUEST_TOO_LARGE");
  }

  /** A token may do less than the password: it must not reach the session of the password. */
  @Test
  void aTokenDoesNotTakeOverASessionOpenedWithThePassword() throws Exception {
    String id = api.post("/api/session", "").json().path("session").asText();
    String token =
        api.post("/api/auth/login", "{\"user\":\"admin\",\"password\":\"nimda\"}")
            .json()
            .path("token")
            .asText();

    Reply taken =
        api.send(
            api.anonymous("/api/sql")
                .header("Authorization", "Bearer " + token)
                .header("X-Polder-Session", id)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"sql\":\"SELECT 1\"}")));

    assertThat(taken.code()).isEqualTo("SESSION_NOT_FOUND");
    assertThat(api.sql("SELECT 1", "X-Polder-Session", id).status()).isEqualTo(200);
    assertThat(api.send(api.request("/api/session/" + id).DELETE()).status()).isEqualTo(200);
  }

  @Test
  void theStaticKeyIsAccepted() throws Exception {
    Reply reply =
        api.send(api.anonymous("/api/auth/whoami").header("X-API-Key", TestCredentials.STATIC_KEY));

    assertThat(reply.json().path("user").asText()).isEqualTo("admin");
  }

  @Test
  void countsAndNoticesOfStatementsWithoutRows() throws Exception {
    JsonNode created = api.sql("CREATE TABLE counts (i INTEGER)", new String[0]).json();
    JsonNode inserted =
        api.sql("INSERT INTO counts SELECT range FROM range(7)", new String[0]).json();
    Reply csv = api.sql("DELETE FROM counts WHERE i < 3", "Accept", "text/csv");

    assertThat(created.path("updateCount").isNull()).isTrue();
    assertThat(created.path("notices").path(0).path("code").asText()).isEqualTo("TEST");
    assertThat(inserted.path("updateCount").asInt()).isEqualTo(7);
    assertThat(csv.text()).isEqualTo("updateCount\r\n3\r\n");
  }

  @Test
  void anInternalErrorShowsOnlyItsId() throws Exception {
    Reply reply = api.sql("SET no_such_setting = 1", new String[0]);
    Reply internal = api.sql("SELECT nextval('s', 1, 2, 3)", new String[0]);

    assertThat(reply.status()).isIn(400, 404, 500);
    assertThat(internal.text()).doesNotContain("at dev.polder").doesNotContain("Exception");
  }

  @Test
  void aMillionRowsStreamInBoundedMemory() throws Exception {
    HttpResponse<InputStream> response =
        api.client()
            .send(
                api.posting(
                        "/api/sql",
                        ApiClient.body(
                                "SELECT range AS id, 'row ' || range AS name, range / 7.0 AS x"
                                    + " FROM range(1000000)")
                            .toString(),
                        "Accept",
                        "application/x-ndjson")
                    .build(),
                BodyHandlers.ofInputStream());
    long lines = 0;
    long most = 0;
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      while (reader.readLine() != null) {
        lines++;
        if (lines % 10_000 == 0) {
          most = Math.max(most, sessions.arrowBytes());
        }
      }
    }

    assertThat(lines).isEqualTo(1_000_000);
    assertThat(most).isLessThan(16 << 20);
  }

  @Test
  void aReaderThatWaitsHoldsTheEngineBackAndIsCutOffInTheEnd() throws Exception {
    awaitQuiet();
    try (Socket socket = open(ApiClient.body("SELECT range FROM range(100000000)").toString())) {
      Awaitility.await().until(() -> sessions.count() > 0);
      // It reads nothing: the door gives up after its idle timeout.
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> sessions.count() == 0);
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void aFailureInMidStreamIsVisibleAndCutsTheConnection() throws Exception {
    String sql =
        "SELECT CASE WHEN range < 3000000 THEN range ELSE CAST('broken' || range AS INTEGER) END"
            + " AS v FROM range(3100000)";
    try (Socket socket = open(ApiClient.body(sql).toString())) {
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(all).startsWith("HTTP/1.1 200");
      assertThat(all).contains("],\"error\":{\"code\":\"CONVERSION_ERROR\"");
      // The last chunk of a whole response is the empty one.
      assertThat(all).doesNotEndWith("\r\n0\r\n\r\n");
    }
  }

  @Test
  void aClientThatHangsUpCancelsItsStatement() throws Exception {
    awaitQuiet();
    Socket socket = open(ApiClient.body(LONG_QUERY).toString());
    Awaitility.await().until(() -> sessions.count() > 0);
    socket.close();

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> sessions.count() == 0);
  }

  @Test
  void aRequestSentEarlyIsAnsweredInItsTurn() throws Exception {
    String slow = ApiClient.body("SELECT sum(range * range % 13) FROM range(300000000)").toString();
    try (Socket socket = open(slow)) {
      socket.getOutputStream().write(http(ApiClient.body("SELECT 42 AS answer").toString()));
      socket.getOutputStream().flush();
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      socket.setSoTimeout(30_000);
      StringBuilder seen = new StringBuilder();
      char[] buffer = new char[1024];
      while (!seen.toString().contains("[[42]]")) {
        int n = reader.read(buffer);
        assertThat(n).isPositive();
        seen.append(buffer, 0, n);
      }
      assertThat(seen.toString().split("HTTP/1.1 200", -1)).hasSize(3);
    }
  }

  @Test
  void aStatementLongerThanTheIdleTimeoutIsAnswered() throws Exception {
    Reply reply =
        api.sql(
            "SELECT count(*) FROM range(30000) a, range(50000) b"
                + " WHERE (a.range * b.range) % 7 = 3",
            new String[0]);

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().path("elapsedMs").asDouble()).isGreaterThan(2000);
  }

  @Test
  void anIdleSessionExpires() throws Exception {
    String id = api.post("/api/session", "").json().path("session").asText();

    Awaitility.await()
        .pollInterval(Duration.ofMillis(1600))
        .until(() -> api.sql("SELECT 1", "X-Polder-Session", id).status() == 404);
  }

  @Test
  void aSessionIsItsOwnersAlone() throws Exception {
    ApiClient bob = new ApiClient(baseUri(), "bob", "bob");
    String id =
        api.post("/api/session", "{\"database\":\"flights\"}").json().path("session").asText();

    assertThat(bob.sql("SELECT 1", "X-Polder-Session", id).status()).isEqualTo(404);
    assertThat(bob.send(bob.request("/api/session/" + id).DELETE()).status()).isEqualTo(404);
    assertThat(api.send(api.request("/api/session/" + id).DELETE()).status()).isEqualTo(200);
  }

  @Test
  void aUserHoldsNoMoreSessionsThanAllowed() throws Exception {
    ApiClient bob = new ApiClient(baseUri(), "bob", "bob");
    for (int i = 0; i < 4; i++) {
      assertThat(bob.post("/api/session", "").status()).isEqualTo(200);
    }

    Reply reply = bob.post("/api/session", "");

    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void stagedFilesGoUpAndDown() throws Exception {
    Reply put =
        api.send(
            api.request("/api/staging/data%20%C3%A9.csv")
                .PUT(BodyPublishers.ofString("a,b\n1,2\n")));
    assertThat(put.text()).isEqualTo("{\"name\":\"data \u00e9.csv\",\"size\":8}");
    assertThat(api.get("/api/staging").json().path("files").path(0).path("size").asInt())
        .isEqualTo(8);
    assertThat(api.get("/api/staging/data%20%C3%A9.csv").text()).isEqualTo("a,b\n1,2\n");
    assertThat(api.send(api.request("/api/staging/data%20%C3%A9.csv").DELETE()).status())
        .isEqualTo(200);
    assertThat(api.get("/api/staging").json().path("files")).isEmpty();
  }

  @Test
  void namesThatLeaveTheStagingAreaAreRefused() throws Exception {
    for (String name :
        new String[] {"..", ".hidden", "..%2Fx", "a%2Fb", "a%5Cb", "%2e%2e", "a%00b", "a%0Ab"}) {
      // A connection on which an address made no sense is closed: each gets its own, without a body
      // that could still be on its way.
      ApiClient fresh = new ApiClient(baseUri(), user(), password());
      Reply reply = fresh.send(fresh.request("/api/staging/" + name).PUT(BodyPublishers.noBody()));
      assertThat(reply.status()).as(name).isIn(400, 404, 405);
      assertThat(reply.header("Content-Type")).as(name).startsWith("application/json");
    }
  }

  @Test
  void aFileTooLargeIsRefusedAndNotKept() throws Exception {
    byte[] large = new byte[2 << 20];
    Reply declared =
        api.send(api.request("/api/staging/large").PUT(BodyPublishers.ofByteArray(large)));
    assertThat(declared.status()).isEqualTo(413);
    assertThat(api.get("/api/staging").json().path("files")).isEmpty();
  }

  @Test
  void healthAnswersWhileStatementsRun() throws Exception {
    awaitQuiet();
    try (Socket one = open(ApiClient.body(LONG_QUERY).toString());
        Socket two = open(ApiClient.body(LONG_QUERY).toString())) {
      Awaitility.await().until(() -> sessions.count() >= 2);
      assertThat(api.send(api.anonymous("/health")).status()).isEqualTo(200);
      assertThat(one.isConnected() && two.isConnected()).isTrue();
    }
  }

  @Test
  void brokenHttpIsAnsweredAsJson() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
      socket
          .getOutputStream()
          .write("GET /\u0001 nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 400").contains("\"BAD_REQUEST\"").doesNotContain("<");
    }
  }

  private String raw(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** Waits for the sessions of earlier tests, which end after their answers. */
  private void awaitQuiet() {
    Awaitility.await().until(() -> sessions.count() == 0);
  }

  private Socket open(String body) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
    OutputStream out = socket.getOutputStream();
    out.write(http(body));
    out.flush();
    return socket;
  }

  private static byte[] http(String body) {
    String credentials =
        Base64.getEncoder().encodeToString("admin:nimda".getBytes(StandardCharsets.UTF_8));
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    return ("POST /api/sql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Authorization: Basic "
            + credentials
            + "\r\nContent-Length: "
            + content.length
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.UTF_8);
  }
}
