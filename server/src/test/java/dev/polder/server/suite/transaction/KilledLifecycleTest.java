package dev.polder.server.suite.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.client.Target;
import dev.polder.server.suite.ServerChild;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed in the middle of an operation on whole databases. */
final class KilledLifecycleTest {
  private static final int TABLES = 12;
  private static final int MIRROR_STATUS = 4;
  private static final String ENDLESS =
      "SELECT count(*) FROM range(1000000) a(i), range(10000000) b(j) WHERE i % 7 = j % 11";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  @TempDir Path directory;
  private final Random random = new Random();
  private Path data;
  private ServerChild server;
  private PolderClient admin;

  @BeforeEach
  void start() throws IOException {
    data = directory.resolve("data");
    server = ServerChild.start(data);
    admin = server.client();
    admin.execute("CREATE TENANT acme");
    admin.execute("CREATE DATABASE source FOR TENANT acme");
    try (PolderClient client = in("source")) {
      for (int i = 0; i < TABLES; i++) {
        client.execute("CREATE TABLE t" + i + " AS SELECT i AS n FROM range(100) r(i)");
      }
    }
  }

  @AfterEach
  void stop() {
    admin.close();
    server.close();
    threads.close();
  }

  private void restart() throws IOException {
    admin.close();
    server.close();
    server = ServerChild.start(data);
    admin = server.client();
  }

  private PolderClient in(String database) {
    PolderClient client =
        new PolderClient(new Target(server.url(), database, "acme"), ServerChild.administrator());
    client.login();
    return client;
  }

  private boolean holdsAll(String database) {
    try (PolderClient client = in(database)) {
      if (client.execute("SHOW TABLES").rows().isEmpty()) {
        return false;
      }
      for (int i = 0; i < TABLES; i++) {
        assertThat(client.execute("SELECT sum(n) FROM t" + i).rows().getFirst().getFirst().asText())
            .isEqualTo("4950");
      }
      return true;
    } catch (ServerFailure e) {
      assertThat(e.code()).isEqualTo("DATABASE_NOT_FOUND");
      return false;
    }
  }

  /** Runs a statement that the server's end cuts off. */
  private Future<?> begin(PolderClient session, String sql) {
    return threads.submit(() -> {
      try (PolderClient client = session) {
        client.execute(sql);
      } catch (ConnectionFailure killed) {
        assertThat(killed).isNotNull();
      }
    });
  }

  private void pause(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(millis));
  }

  @Test
  void aTenantThatWasMovedIsInExactlyOnePlaceWheneverTheServerDies() throws Exception {
    admin.execute("CREATE DATABASE target FOR TENANT default");
    String move = "MOVE TENANT acme FROM source TO target";
    Future<?> reader = begin(in("source"), ENDLESS);
    Awaitility.await("the reader reads")
        .until(() ->
            admin.execute("SHOW SESSIONS IN DATABASE source").rows().toString().contains("range"));
    Future<?> mover = begin(server.client(), move);
    Awaitility.await("drain")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(this::isDrained);
    restart();
    mover.get(30, TimeUnit.SECONDS);
    reader.get(30, TimeUnit.SECONDS);
    Awaitility.await("it goes on").until(() -> holdsAll("target"));
    assertThat(holdsAll("source")).isFalse();
    admin.execute("MOVE TENANT acme FROM target TO source");
    mover = begin(server.client(), move);
    pause(60);
    restart();
    mover.get(30, TimeUnit.SECONDS);
    Awaitility.await("one place")
        .until(() -> Stream.of("source", "target").filter(this::holdsAll).count() == 1);
    Awaitility.await("no move goes on")
        .ignoreExceptions()
        .until(() -> {
          admin.execute(move);
          return true;
        });
    assertThat(holdsAll("source")).isFalse();
    assertThat(holdsAll("target")).isTrue();
    restart();
    assertThat(holdsAll("target")).isTrue();
  }

  /** Nobody else may write while the move waits for statements that run. */
  private boolean isDrained() {
    try (PolderClient client = in("source")) {
      client.execute("CREATE OR REPLACE TABLE written (n INTEGER)");
      client.execute("DROP TABLE written");
      return false;
    } catch (ServerFailure e) {
      assertThat(e.code()).isEqualTo("TENANT_MOVING");
      return true;
    }
  }

  @Test
  void aMirrorFollowsUntilItsSourceIsDroppedWheneverTheServerDies() throws Exception {
    admin.execute("MIRROR DATABASE copy FROM source");
    Future<?> running = begin(server.client(), "DROP DATABASE source FORCE");
    pause(150);
    restart();
    running.get(30, TimeUnit.SECONDS);
    boolean live = holdsAll("source");
    assertThat(mirrorStatus("copy").equals("disconnected")).isEqualTo(!live);
    assertThat(holdsAll("copy")).isTrue();
    if (live) {
      admin.execute("DROP DATABASE source FORCE");
    }
    assertThat(mirrorStatus("copy")).isEqualTo("disconnected");
    admin.execute("ALTER DATABASE copy PROMOTE");
    assertThat(holdsAll("copy")).isTrue();
    try (PolderClient client = in("copy")) {
      client.execute("INSERT INTO t0 VALUES (1)");
    }
  }

  private String mirrorStatus(String mirror) {
    return admin
        .execute("SHOW DATABASE MIRROR STATUS FOR " + mirror)
        .rows()
        .getFirst()
        .get(MIRROR_STATUS)
        .asText();
  }

  @Test
  void clonesSurviveAServerThatDiesWhileTheyAreMadeIndependent() throws Exception {
    for (String clone : List.of("a", "b")) {
      admin.execute("CLONE DATABASE " + clone + " FROM source WITH (materialize = 'manual')");
    }
    for (String statement : List.of("ALTER DATABASE a MATERIALIZE", "DROP DATABASE source FORCE")) {
      Future<?> running = begin(server.client(), statement);
      pause(400);
      restart();
      running.get(30, TimeUnit.SECONDS);
      assertThat(Stream.of("a", "b")).allMatch(this::holdsAll);
    }
    try {
      admin.execute("DROP DATABASE source FORCE");
    } catch (ServerFailure e) {
      assertThat(e.code()).as("it was done").isEqualTo("DATABASE_NOT_FOUND");
    }
    assertThatThrownBy(() -> admin.execute("SHOW DATABASE LINEAGE FOR source"))
        .isInstanceOfSatisfying(
            ServerFailure.class, e -> assertThat(e.code()).isEqualTo("DATABASE_NOT_FOUND"));
    for (String clone : List.of("a", "b")) {
      assertThat(admin.execute("SHOW DATABASE LINEAGE FOR " + clone).rows()).hasSize(1);
      assertThat(holdsAll(clone)).isTrue();
    }
  }
}
