package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors whose server, or whose source's server, is killed in the middle of something. */
final class KilledMirrorTest {
  private static final int WRITERS = 2;

  @TempDir Path directory;
  private final Random random = new Random();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
  private final AtomicInteger next = new AtomicInteger();
  private Child there;
  private Child here;

  /** A server in a process of its own, and its administrator. */
  private record Child(Process process, URI http, PolderClient admin) {
    static Child start(Path data) throws IOException {
      Process process = ServerChild.start(data);
      URI http = URI.create(ServerChild.verdict(process).substring("ready ".length()));
      return new Child(process, http, LocalServers.admin(http));
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
      try {
        admin.close();
      } catch (ConnectionFailure gone) {
        assertThat(gone).isNotNull();
      }
    }
  }

  @BeforeEach
  void start() throws IOException {
    there = Child.start(directory.resolve("there"));
    here = Child.start(directory.resolve("here"));
    there.admin().execute("CREATE DATABASE prod");
    there.admin().execute("USE prod");
    there.admin().execute("CREATE TABLE orders (id INTEGER, writer INTEGER)");
    for (int i = 0; i < WRITERS; i++) {
      there.admin().execute("CREATE TABLE own" + i + " (id INTEGER)");
    }
    String token = TwoServers.text(there.admin().execute("CREATE TOKEN mirrors"), "token");
    here.admin()
        .execute("CREATE CLUSTER us WITH (url = '" + there.http() + "', token = '" + token + "')");
  }

  @AfterEach
  void stop() throws InterruptedException {
    here.kill();
    there.kill();
    threads.close();
  }

  private void follow(String mode) {
    here.admin().execute("MIRROR DATABASE copy FROM us.prod " + mode);
    awaitStatus(mode.isEmpty() ? here.admin() : there.admin(), mode.isEmpty() ? "copy" : "prod");
  }

  private static void awaitStatus(PolderClient client, String database) {
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(
                    TwoServers.text(
                        client.execute("SHOW DATABASE MIRROR STATUS FOR " + database), "status"))
                .isEqualTo("following"));
  }

  /** Writes to a table that all write to and to one of its own, until the source is gone. */
  private void write(int writer) {
    try (PolderClient client = LocalServers.admin(there.http())) {
      client.execute("USE prod");
      while (true) {
        write(client, writer);
      }
    } catch (ConnectionFailure killed) {
      assertThat(killed).isNotNull();
    }
  }

  private void write(PolderClient client, int writer) {
    int id = next.getAndIncrement();
    try {
      client.execute("BEGIN");
      client.execute("INSERT INTO orders VALUES (" + id + ", " + writer + ")");
      client.execute("INSERT INTO own" + writer + " VALUES (" + id + ")");
      client.execute("COMMIT");
      acknowledged.add(id);
    } catch (ServerFailure e) {
      assertThat(e.code()).isIn("TRANSACTION_CONFLICT", "MIRROR_SYNC_TIMEOUT");
    }
  }

  private Set<Integer> ids(String sql) {
    Set<Integer> ids = new TreeSet<>();
    here.admin().execute("USE copy");
    here.admin().execute(sql).rows().forEach(row -> ids.add(row.getFirst().asInt()));
    return ids;
  }

  private void verify() {
    Set<Integer> orders = ids("SELECT id FROM orders");
    assertThat(orders).containsAll(acknowledged);
    Set<Integer> own = new TreeSet<>();
    for (int i = 0; i < WRITERS; i++) {
      own.addAll(ids("SELECT id FROM own" + i));
    }
    assertThat(own).isEqualTo(orders);
    assertThat(TwoServers.text(here.admin().execute("SELECT count(*) AS n FROM orders"), "n"))
        .isEqualTo(Integer.toString(orders.size()));
  }

  @Test
  void aSynchronousMirrorWhoseSourceDiesHasAllThatWasAcknowledged() throws Exception {
    follow("MODE = sync WITH (sync_timeout = '30s')");
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(threads.submit(() -> write(writer)));
    }
    Awaitility.await().atMost(TwoServers.LONG).until(() -> acknowledged.size() > 20);
    TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
    there.kill();
    for (Future<?> writer : writers) {
      writer.get(60, TimeUnit.SECONDS);
    }
    here.admin().execute("ALTER DATABASE copy PROMOTE");
    verify();
    here.admin().execute("INSERT INTO orders VALUES (-1, 0)");
  }

  @Test
  void aMirrorThatDiesWhileItAppliesHasEveryCommitOnceAfterwards() throws Exception {
    follow("MODE = sync WITH (sync_timeout = '60s')");
    Future<?> writer = threads.submit(() -> write(0));
    for (int round = 0; round < 3; round++) {
      int before = acknowledged.size();
      Awaitility.await().atMost(TwoServers.LONG).until(() -> acknowledged.size() > before + 5);
      TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
      here.kill();
      here = Child.start(directory.resolve("here"));
    }
    int before = acknowledged.size();
    Awaitility.await().atMost(TwoServers.LONG).until(() -> acknowledged.size() > before + 5);
    there.kill();
    writer.get(60, TimeUnit.SECONDS);
    Future<?> promoter =
        threads.submit(() -> {
          try (PolderClient client = LocalServers.admin(here.http())) {
            client.execute("ALTER DATABASE copy PROMOTE");
          } catch (ConnectionFailure killed) {
            assertThat(killed).isNotNull();
          }
        });
    TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
    here.kill();
    promoter.get(60, TimeUnit.SECONDS);
    here = Child.start(directory.resolve("here"));
    here.admin().execute("ALTER DATABASE copy PROMOTE");
    verify();
  }
}
