package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.IcebergRequests.Answer;
import dev.polder.server.client.PolderClient;
import dev.polder.server.suite.ServerChild;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One key sent to two servers that share a PostgreSQL metastore. */
final class SharedKeysTest {
  private static final int ROUNDS = 15;

  @TempDir Path directory;
  private EmbeddedPostgres postgres;
  private ServerChild east;
  private ServerChild west;
  private IcebergRequests atEast;
  private IcebergRequests atWest;
  private String tables;

  @BeforeEach
  void start() throws IOException {
    postgres = EmbeddedPostgres.start();
    east = server("east");
    west = server("west");
    try (PolderClient admin = east.client()) {
      admin.execute("CREATE DATABASE lake");
      String token = TwoServers.text(admin.execute("CREATE TOKEN keys"), "token");
      atEast = new IcebergRequests(east.url(), token);
      atWest = new IcebergRequests(west.url(), token);
    }
    tables = "/v1/" + atEast.prefix("lake") + "/namespaces/main/tables";
    create(atEast, "t", IcebergRequests.key());
  }

  @AfterEach
  void stop() throws IOException {
    west.close();
    east.close();
    postgres.close();
  }

  private ServerChild server(String name) throws IOException {
    return ServerChild.start(
        directory.resolve(name),
        List.of(
            "env",
            "POLDER_METASTORE_URL=" + postgres.getJdbcUrl("postgres", "postgres"),
            "POLDER_METASTORE_USER=postgres",
            "POLDER_METASTORE_PASSWORD=postgres",
            "POLDER_WAREHOUSE_LOCATION=" + directory.resolve("warehouse")),
        List.of());
  }

  private Answer create(IcebergRequests door, String name, String key) {
    return door.send("POST", tables, IcebergRequests.TABLE.formatted(name), key);
  }

  private Answer commit(IcebergRequests door, String key, int number) {
    return door.send(
        "POST",
        tables + "/t",
        "{\"requirements\":[],\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"p"
            + number
            + "\":\"1\"}}]}",
        key);
  }

  private static int versions(IcebergRequests door, String table) {
    return door.get(table).body().path("metadata").path("metadata-log").size();
  }

  @Test
  void sent_to_both_at_once_it_is_done_once_and_both_give_the_same_answer() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      CyclicBarrier begin = new CyclicBarrier(2);
      for (int i = 0; i < ROUNDS; i++) {
        String key = IcebergRequests.key();
        int round = i;
        boolean creates = i % 3 == 0;
        List<Future<Answer>> both = new ArrayList<>();
        for (IcebergRequests door : List.of(atEast, atWest)) {
          both.add(
              threads.submit(() -> {
                begin.await(30, TimeUnit.SECONDS);
                return creates ? create(door, "c" + round, key) : commit(door, key, round);
              }));
        }
        Answer one = both.getFirst().get();
        Answer other = both.getLast().get();
        assertThat(one.status()).as(one.body().toString()).isEqualTo(200);
        assertThat(other.status()).as(other.body().toString()).isEqualTo(200);
        assertThat(one.body()).isEqualTo(other.body());
        assertThat(one.headers().firstValue("ETag")).isEqualTo(other.headers().firstValue("ETag"));
      }
    }
    assertThat(versions(atWest, tables + "/t")).isEqualTo(ROUNDS - ROUNDS / 3);
    assertThat(atWest.get(tables).names()).hasSize(1 + ROUNDS / 3);
  }

  @Test
  void what_a_server_did_before_it_was_killed_another_one_answers_and_does_not_do_again()
      throws Exception {
    String done = IcebergRequests.key();
    Answer first = commit(atEast, done, 0);
    List<String> keys = new ArrayList<>();
    CountDownLatch warm = new CountDownLatch(5);
    Thread client =
        Thread.startVirtualThread(() -> {
          try {
            for (int i = 1; ; i++) {
              keys.add(IcebergRequests.key());
              commit(atEast, keys.getLast(), i);
              warm.countDown();
            }
          } catch (UncheckedIOException killed) {
            assertThat(killed).isNotNull();
          }
        });
    assertThat(warm.await(60, TimeUnit.SECONDS)).isTrue();
    east.kill();
    client.join();
    assertThat(commit(atWest, done, 0).body()).isEqualTo(first.body());
    // A reservation that died with its server holds until its lease is over.
    Answer last =
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .until(
                () -> commit(atWest, keys.getLast(), keys.size()), again -> again.status() == 200);
    assertThat(commit(atWest, keys.getLast(), keys.size()).body()).isEqualTo(last.body());
    for (int i = 0; i < keys.size() - 1; i++) {
      assertThat(commit(atWest, keys.get(i), i + 1).status()).isEqualTo(200);
    }
    assertThat(versions(atWest, tables + "/t")).isEqualTo(Math.min(1 + keys.size(), 100));
  }
}
