package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.LiveServer.Answer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What answers while every place for statements is taken, and what is left afterwards. */
@Timeout(120)
final class DoorsUnderLoadTest {
  private static final int PERMITS = 3;
  private static final int QUEUE = 2;
  private static final Duration PROMPTLY = Duration.ofSeconds(5);
  private static final String LONG_QUERY =
      "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3";

  private final Map<UUID, CompletableFuture<HttpResponse<String>>> running =
      new java.util.LinkedHashMap<>();
  private LiveServer server;

  @BeforeEach
  void start() {
    server =
        new LiveServer(
            Map.of(
                "POLDER_ENGINE_MAX_CONCURRENT_STATEMENTS", String.valueOf(PERMITS),
                "POLDER_ENGINE_QUEUE_SIZE", String.valueOf(QUEUE)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private UUID begin(String sql) {
    UUID id = UUID.randomUUID();
    running.put(id, server.start(sql, id));
    return id;
  }

  private boolean cancel(UUID id) {
    return server.post("/api/sql/" + id + "/cancel", "").status() == 200;
  }

  private double metric(String name) {
    Matcher value =
        Pattern.compile("^" + name + " (\\S+)$", Pattern.MULTILINE)
            .matcher(server.text("/metrics"));
    assertThat(value.find()).as(name).isTrue();
    return Double.parseDouble(value.group(1));
  }

  private void awaitMetric(String name, double value) {
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(metric(name)).isEqualTo(value));
  }

  private void occupyEveryPlace() {
    for (int i = 0; i < PERMITS; i++) {
      begin(LONG_QUERY);
    }
    awaitMetric("polder_statements_running", PERMITS);
  }

  private List<UUID> fillTheQueue() {
    List<UUID> queued = new ArrayList<>();
    for (int i = 0; i < QUEUE; i++) {
      queued.add(begin("SELECT 42"));
    }
    awaitMetric("polder_statements_waiting", QUEUE);
    return queued;
  }

  private Answer end(UUID id) throws Exception {
    return LiveServer.answer(running.remove(id).get(30, TimeUnit.SECONDS));
  }

  private void cancelAll() throws Exception {
    // Those that wait come last and end first: a place that becomes free would start them.
    for (UUID id : List.copyOf(running.keySet()).reversed()) {
      assertThat(cancel(id)).isTrue();
      assertThat(end(id).errorCode()).isEqualTo("STATEMENT_CANCELLED");
    }
  }

  private void nothingIsHeld() {
    awaitMetric("polder_statements_running", 0);
    awaitMetric("polder_statements_waiting", 0);
    awaitMetric("polder_result_bytes", 0);
    assertThat(server.admin("SELECT 42").cell().asInt()).isEqualTo(42);
  }

  @Test
  void healthReadinessAndLoginAnswerWhileEveryPlaceIsTaken() throws Exception {
    occupyEveryPlace();
    fillTheQueue();
    String login =
        "{\"username\":\"%s\",\"password\":\"%s\"}"
            .formatted(LiveServer.ADMIN, LiveServer.PASSWORD);
    for (int i = 0; i < 3; i++) {
      assertThat(timed(() -> server.get("/health").status())).isEqualTo(200);
      assertThat(timed(() -> server.get("/ready").status())).isEqualTo(200);
      assertThat(timed(() -> server.post("/api/auth/login", login).status())).isEqualTo(200);
    }
    cancelAll();
    nothingIsHeld();
  }

  @Test
  void aStatementBeyondTheQueueIsRefusedAtOnce() throws Exception {
    occupyEveryPlace();
    fillTheQueue();
    Answer refused = timed(() -> server.sql("SELECT 1"));
    assertThat(refused.errorCode()).isEqualTo("SERVER_BUSY");
    assertThat(refused.status()).isEqualTo(503);
    cancelAll();
    nothingIsHeld();
  }

  @Test
  void waitingStatementsRunWhenAPlaceIsFree() throws Exception {
    occupyEveryPlace();
    UUID first = running.keySet().iterator().next();
    List<UUID> queued = fillTheQueue();
    assertThat(cancel(first)).isTrue();
    assertThat(end(first).errorCode()).isEqualTo("STATEMENT_CANCELLED");
    for (UUID id : queued) {
      assertThat(end(id).cell().asInt()).isEqualTo(42);
    }
    cancelAll();
    nothingIsHeld();
  }

  @Test
  void aWaitingStatementIsCancelledAtOnce() throws Exception {
    occupyEveryPlace();
    UUID queued = begin("SELECT 1");
    awaitMetric("polder_statements_waiting", 1);
    Answer cancelled =
        timed(() -> {
          assertThat(cancel(queued)).isTrue();
          return end(queued);
        });
    assertThat(cancelled.errorCode()).isEqualTo("STATEMENT_CANCELLED");
    awaitMetric("polder_statements_waiting", 0);
    cancelAll();
    nothingIsHeld();
  }

  @Test
  void aStatementThatTakesTooLongIsEnded() throws Exception {
    Answer late = server.post("/api/sql", "{\"sql\":\"" + LONG_QUERY + "\",\"timeoutMs\":300}");
    assertThat(late.errorCode()).isEqualTo("STATEMENT_TIMEOUT");
    occupyEveryPlace();
    Answer waited = server.post("/api/sql", "{\"sql\":\"SELECT 1\",\"timeoutMs\":300}");
    assertThat(waited.errorCode()).isEqualTo("STATEMENT_TIMEOUT");
    cancelAll();
    nothingIsHeld();
  }

  private static <T> T timed(java.util.concurrent.Callable<T> call) throws Exception {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return call.call();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            })
        .get(PROMPTLY.toMillis(), TimeUnit.MILLISECONDS);
  }
}
