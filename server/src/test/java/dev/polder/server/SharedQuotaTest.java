package dev.polder.server;

import static dev.polder.server.LocalServers.admin;
import static dev.polder.server.LocalServers.session;
import static dev.polder.server.LocalServers.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What servers on one metastore share of memory and priorities; each runs one statement at once.
 */
final class SharedQuotaTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int EACH = 4;

  /** Needs some 140 MB, and cannot do with less. */
  private static final String MUCH = "SELECT length(list(range)::VARCHAR) FROM range(6000000)";

  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;
  private static RunningServer east;
  private static RunningServer west;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.start();
    Map<String, String> one = Map.of("POLDER_ENGINE_MAX_CONCURRENT_STATEMENTS", "1");
    east = LocalServers.sharing(postgres, directory, "east", one);
    west = LocalServers.sharing(postgres, directory, "west", one);
  }

  @AfterAll
  static void stop() throws IOException {
    try {
      west.close();
      east.close();
    } finally {
      postgres.close();
    }
  }

  private static PolderClient in(RunningServer server, String database) {
    return session(server, "admin", LocalServers.ADMIN_PASSWORD, database);
  }

  private static String outcome(PolderClient client) {
    try {
      client.execute(MUCH);
      return "done";
    } catch (ServerFailure e) {
      return e.code();
    }
  }

  private static void awaitOutcome(PolderClient client, String outcome) {
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(outcome(client)).isEqualTo(outcome));
  }

  @Test
  void serversWithSessionsInADatabaseHaveEvenPartsOfItsMemory() throws Exception {
    try (PolderClient admin = admin(east)) {
      admin.execute("CREATE DATABASE lean WITH (max_memory_bytes = 200000000)");
    }
    try (PolderClient here = in(east, "lean")) {
      assertThat(outcome(here)).isEqualTo("done");
      try (PolderClient there = in(west, "lean");
          ExecutorService threads = Executors.newFixedThreadPool(2)) {
        awaitOutcome(here, "MEMORY_QUOTA_EXCEEDED");
        awaitOutcome(there, "MEMORY_QUOTA_EXCEEDED");
        for (int round = 0; round < 3; round++) {
          List<Future<String>> both =
              List.of(threads.submit(() -> outcome(here)), threads.submit(() -> outcome(there)));
          for (Future<String> one : both) {
            assertThat(one.get(1, TimeUnit.MINUTES)).isEqualTo("MEMORY_QUOTA_EXCEEDED");
          }
        }
        for (PolderClient client : List.of(here, there)) {
          assertThat(value(client, "SELECT sum(range) FROM range(1000)")).isEqualTo("499500");
        }
      }
      awaitOutcome(here, "done");
    }
  }

  /** Each server has queues of its own; what class a database is of is told to all. */
  @Test
  void aDatabasesClassHoldsInTheQueuesOfEveryServer() throws Exception {
    try (PolderClient admin = admin(east)) {
      admin.execute("CREATE DATABASE blocked WITH (max_statement_seconds = 5)");
      admin.execute("CREATE DATABASE one WITH (priority_class = 'critical')");
      admin.execute("CREATE DATABASE two WITH (priority_class = 'bulk')");
      for (RunningServer server : List.of(east, west)) {
        assertServedFirst(server, "one", "two");
      }
      admin.execute("ALTER DATABASE one SET QUOTA (priority_class = 'bulk')");
      admin.execute("ALTER DATABASE two SET QUOTA (priority_class = 'critical')");
      assertServedFirst(west, "two", "one");
    }
  }

  /** Has statements of both wait while another one runs, those of the second one first. */
  private static void assertServedFirst(RunningServer server, String first, String second)
      throws Exception {
    List<String> served = Collections.synchronizedList(new ArrayList<>());
    List<PolderClient> clients = new ArrayList<>();
    try (PolderClient blocker = in(server, "blocked");
        ExecutorService threads = Executors.newCachedThreadPool()) {
      for (String database : List.of(second, first)) {
        for (int i = 0; i < EACH; i++) {
          PolderClient client = in(server, database);
          clients.add(client);
          // The first statement after a change still runs under the old limits.
          client.execute("SELECT 1");
        }
      }
      Future<?> block =
          threads.submit(() ->
              TwoServers.refused(
                  "STATEMENT_TIME_QUOTA_EXCEEDED",
                  () ->
                      blocker.execute(
                          "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE"
                              + " a.range = b.range * 3")));
      awaitRunning(server);
      List<Future<?>> waiting = new ArrayList<>();
      for (int i = 0; i < clients.size(); i++) {
        PolderClient client = clients.get(i);
        String database = i < EACH ? second : first;
        waiting.add(
            threads.submit(() -> {
              client.execute("SELECT count(*) FROM range(5000000) WHERE hash(range) % 7 = 3");
              served.add(database);
            }));
        int so = i + 1;
        Awaitility.await()
            .atMost(SOON)
            .until(() -> Scrape.of(server).value("polder_statements_waiting", Map.of()) == so);
      }
      block.get(1, TimeUnit.MINUTES);
      for (Future<?> one : waiting) {
        one.get(1, TimeUnit.MINUTES);
      }
    } finally {
      clients.forEach(PolderClient::close);
    }
    List<String> untilLast = served.subList(0, served.lastIndexOf(first) + 1);
    assertThat(Collections.frequency(untilLast, second)).as("%s", served).isLessThanOrEqualTo(1);
    assertThat(served).as("nobody starves").hasSize(2 * EACH);
  }

  private static void awaitRunning(RunningServer server) {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> Scrape.of(server).value("polder_statements_running", Map.of()) == 1);
  }
}
