package dev.polder.server.suite.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.PolderClient;
import dev.polder.server.suite.ServerChild;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed in the middle of its commits keeps what it acknowledged, whole. */
final class KilledServerTest {
  private static final int ROUNDS = 3;
  private static final int WRITERS = 2;
  private static final int ROWS = 3;
  private static final int DETAIL = 8;
  private static final int INTACT = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private final NavigableSet<Long> acknowledged = new ConcurrentSkipListSet<>();
  private final AtomicLong next = new AtomicLong();

  @Test
  void noAcknowledgedRowIsLostAndNoStatementIsThereByHalf() throws Exception {
    Path data = directory.resolve("data");
    Random random = new Random(20_260_101);
    for (int round = 0; round < ROUNDS; round++) {
      try (ServerChild server = ServerChild.start(data)) {
        try (PolderClient client = server.client()) {
          client.execute("ALTER DATABASE \"default\" SET AUDIT_DML = 'all'");
          client.execute("CREATE TABLE IF NOT EXISTS kept (batch BIGINT, part INTEGER)");
          assertNothingLost(client);
          assertAllRecorded(client);
        }
        writeUntilKilled(server, 3 + random.nextInt(6));
      }
    }
    try (ServerChild server = ServerChild.start(data);
        PolderClient client = server.client()) {
      assertNothingLost(client);
      assertAllRecorded(client);
      client.execute("INSERT INTO kept VALUES (-1, 0)");
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * 3);
  }

  private void writeUntilKilled(ServerChild server, int commits) throws Exception {
    int before = acknowledged.size();
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        running.add(writers.submit(() -> write(server)));
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> acknowledged.size() >= before + commits);
      server.kill();
      for (Future<?> writer : running) {
        Awaitility.await().until(writer::isDone);
        assertThat(writer.exceptionNow())
            .as("what ended the writer")
            .isInstanceOf(ConnectionFailure.class);
      }
    }
  }

  private void write(ServerChild server) {
    try (PolderClient client = server.client()) {
      while (true) {
        long batch = next.getAndIncrement();
        client.execute(
            "INSERT INTO kept SELECT " + batch + ", i::INTEGER FROM range(" + ROWS + ") r(i)");
        acknowledged.add(batch);
      }
    }
  }

  private void assertNothingLost(PolderClient client) {
    Map<Long, Long> rows = new HashMap<>();
    for (var row : client.execute("SELECT batch, count(*) FROM kept GROUP BY batch").rows()) {
      rows.put(number(row.get(0)), number(row.get(1)));
    }
    assertThat(rows.values()).allMatch(count -> count == ROWS);
    assertThat(new TreeSet<>(rows.keySet())).containsAll(acknowledged);
  }

  /** Each commit that is there has its record, and no other one. */
  private static void assertAllRecorded(PolderClient client) throws IOException {
    long statements = 0;
    long rows = 0;
    for (var record :
        client
            .execute(
                "SHOW AUDIT IN DATABASE \"default\" WHERE event_type = 'dml' AND object ="
                    + " 'main.kept' AND outcome = 'success' LIMIT 10000")
            .rows()) {
      JsonNode detail = JSON.readTree(record.get(DETAIL).asText());
      if (detail.get("operation").asText().equals("INSERT")) {
        assertThat(detail.get("commit_seq").asLong()).isPositive();
        statements += detail.path("count").asLong(1);
        rows += detail.get("row_count").asLong();
      }
    }
    var kept = client.execute("SELECT count(DISTINCT batch), count(*) FROM kept").rows().getFirst();
    assertThat(statements).isEqualTo(number(kept.get(0)));
    assertThat(rows).isEqualTo(number(kept.get(1)));
    var verdict = client.execute("AUDIT VERIFY IN DATABASE \"default\"").rows().getFirst();
    assertThat(verdict.get(INTACT).asText()).isEqualTo("true");
  }

  private static long number(JsonNode value) {
    return Long.parseLong(value.asText());
  }
}
