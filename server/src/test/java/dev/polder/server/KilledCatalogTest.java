package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.IcebergRequests.Answer;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client of the Iceberg door finds after the server was killed. */
final class KilledCatalogTest {
  private static final int ROUNDS = 3;

  @TempDir Path directory;
  private final Random random = new Random();
  private Process process;
  private IcebergRequests door;
  private String tables;

  @BeforeEach
  void start() throws IOException {
    URI http = launch();
    try (PolderClient admin = LocalServers.admin(http)) {
      admin.execute("CREATE DATABASE lake");
      String token = TwoServers.text(admin.execute("CREATE TOKEN it"), "token");
      door = new IcebergRequests(http, token);
    }
    tables = "/v1/" + door.prefix("lake") + "/namespaces/main/tables";
  }

  @AfterEach
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private URI launch() throws IOException {
    process = ServerChild.start(directory.resolve("data"));
    return URI.create(ServerChild.verdict(process).substring("ready ".length()));
  }

  private void restart() throws IOException {
    door = new IcebergRequests(launch(), door.token());
  }

  /** One that changes the table whenever it is done. */
  private Answer commit(String key, int number) {
    return door.send(
        "POST",
        tables + "/t",
        "{\"requirements\":[],\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"p"
            + number
            + "\":\"1\"}}]}",
        key);
  }

  private int versions() {
    return door.get(tables + "/t").body().path("metadata").path("metadata-log").size();
  }

  @Test
  void a_commit_whose_answer_was_lost_is_there_once_after_it_is_sent_again() throws Exception {
    door.send("POST", tables, IcebergRequests.TABLE.formatted("t"), null);
    int sent = 0;
    for (int round = 0; round < ROUNDS; round++) {
      AtomicReference<String> last = new AtomicReference<>("");
      int from = sent;
      List<String> keys = new ArrayList<>();
      CountDownLatch warm = new CountDownLatch(5);
      Thread client =
          Thread.startVirtualThread(() -> {
            try {
              for (int i = from; ; i++) {
                keys.add(IcebergRequests.key());
                last.set(keys.getLast());
                commit(keys.getLast(), i);
                warm.countDown();
              }
            } catch (UncheckedIOException killed) {
              assertThat(killed).isNotNull();
            }
          });
      warm.await();
      java.util.concurrent.TimeUnit.MILLISECONDS.sleep(random.nextInt(60));
      kill();
      client.join();
      sent += keys.size();
      restart();
      Answer again = commit(last.get(), sent - 1);
      assertThat(again.status()).isEqualTo(200);
      assertThat(commit(last.get(), sent - 1).body()).isEqualTo(again.body());
      assertThat(versions()).isEqualTo(Math.min(sent, 100));
    }
  }

  @Test
  void a_commit_that_landed_before_the_kill_is_answered_and_not_done_again() throws Exception {
    String key = IcebergRequests.key();
    Answer created = door.send("POST", tables, IcebergRequests.TABLE.formatted("t"), key);
    kill();
    restart();
    Answer again = door.send("POST", tables, IcebergRequests.TABLE.formatted("t"), key);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(created.body());
    assertThat(door.get(tables).names()).containsExactly("t");
  }

  @Test
  void a_purge_goes_on_after_the_kill_and_comes_to_its_end() throws Exception {
    Answer created = door.send("POST", tables, IcebergRequests.TABLE.formatted("t"), null);
    Path location = Path.of(created.body().path("metadata").path("location").asText());
    for (int i = 0; i < 20; i++) {
      commit(IcebergRequests.key(), i);
    }
    Answer dropped = door.send("DELETE", tables + "/t?purgeRequested=true", "", null);
    String task = dropped.headers().firstValue("Location").orElseThrow().substring(12);
    java.util.concurrent.TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500));
    kill();
    restart();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> door.get(task).body().path("task").path("state").asText().equals("succeeded"));
    try (Stream<Path> left = Files.walk(location)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }
}
