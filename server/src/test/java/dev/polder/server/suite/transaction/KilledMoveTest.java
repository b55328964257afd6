package dev.polder.server.suite.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.ObjectReference;
import com.sun.jdi.StringReference;
import dev.polder.metastore.lineage.MovePhase;
import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.client.Target;
import dev.polder.server.suite.ServerChild;
import dev.polder.server.suite.Stopped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is killed at each phase of MOVE TENANT; the next one brings the move to its end.
 */
final class KilledMoveTest {
  private static final int TABLES = 5;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  @TempDir Path directory;
  private Path data;
  private ServerChild server;
  private PolderClient admin;

  @BeforeEach
  void start() throws IOException {
    data = directory.resolve("data");
    server = Stopped.start(data);
    admin = server.client();
    admin.execute("CREATE TENANT acme");
    admin.execute("CREATE DATABASE one FOR TENANT acme");
    admin.execute("CREATE DATABASE two FOR TENANT default");
    try (PolderClient client = in("one")) {
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

  private PolderClient in(String database) {
    PolderClient client =
        new PolderClient(new Target(server.url(), database, "acme"), ServerChild.administrator());
    client.login();
    return client;
  }

  @Test
  void theMoveGoesOnFromWhicheverPhaseTheServerDiedIn() throws Exception {
    String from = "one";
    String to = "two";
    for (MovePhase phase : MovePhase.values()) {
      killedIn(phase, "MOVE TENANT acme FROM " + from + " TO " + to);
      String target = to;
      Awaitility.await("the move killed in " + phase)
          .atMost(Duration.ofSeconds(30))
          .until(() -> lastMove().contains("succeeded"));
      assertThat(lastMove()).contains("acme from " + from + " to " + to, "resume");
      assertThat(isThere(from)).as(phase + ": still at the source").isFalse();
      try (PolderClient client = in(target)) {
        for (int i = 0; i < TABLES; i++) {
          assertThat(
                  client.execute("SELECT sum(n) FROM t" + i).rows().getFirst().getFirst().asText())
              .isEqualTo("4950");
        }
        client.execute("CREATE TABLE written (n INTEGER)");
        client.execute("DROP TABLE written");
      }
      assertThat(
              admin
                  .execute(
                      "SHOW AUDIT IN DATABASE " + to + " WHERE event_type = 'tenant_moved' LIMIT 1")
                  .rows()
                  .toString())
          .contains("admin", from);
      to = from;
      from = target;
    }
  }

  private void killedIn(MovePhase phase, String move) throws Exception {
    PolderClient mover = server.client();
    Future<?>[] running = new Future<?>[1];
    Stopped.at(
        data,
        "dev.polder.maintenance.Relocation$Progress",
        "step",
        argument -> isIn(argument, phase),
        () -> running[0] = threads.submit(() -> cutOff(mover, move)));
    admin.close();
    server.kill();
    running[0].get(30, TimeUnit.SECONDS);
    server = Stopped.start(data);
    admin = server.client();
  }

  static boolean isIn(ObjectReference move, MovePhase phase) {
    StringReference name =
        (StringReference) Stopped.field((ObjectReference) Stopped.field(move, "phase"), "name");
    return name.value().equals(phase.name());
  }

  static void cutOff(PolderClient session, String sql) {
    try (PolderClient client = session) {
      client.execute(sql);
    } catch (ConnectionFailure killed) {
      assertThat(killed).isNotNull();
    }
  }

  private String lastMove() {
    return admin.execute("SHOW JOBS").rows().stream()
        .map(Object::toString)
        .filter(row -> row.contains("move_tenant"))
        .reduce("", (_, last) -> last);
  }

  private boolean isThere(String database) {
    try (PolderClient client = in(database)) {
      return !client.execute("SHOW TABLES").rows().isEmpty();
    } catch (ServerFailure e) {
      assertThat(e.code()).isEqualTo("DATABASE_NOT_FOUND");
      return false;
    }
  }
}
