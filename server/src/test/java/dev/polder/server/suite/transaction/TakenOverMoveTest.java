package dev.polder.server.suite.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.ObjectReference;
import com.sun.jdi.StringReference;
import dev.polder.metastore.lineage.MovePhase;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.client.Target;
import dev.polder.server.suite.ServerChild;
import dev.polder.server.suite.Stopped;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers on one PostgreSQL metastore that are killed in the middle of MOVE TENANT, one in each
 * phase; another one, which runs all the time, brings all of the moves to their end.
 */
final class TakenOverMoveTest {
  private static final int TABLES = 3;

  @TempDir Path directory;

  @Test
  void aLiveServerFinishesTheMovesOfServersThatWereKilled() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<String> settings =
          List.of(
              "POLDER_METASTORE_URL=" + postgres.getJdbcUrl("postgres", "postgres"),
              "POLDER_METASTORE_USER=postgres",
              "POLDER_METASTORE_PASSWORD=postgres",
              "POLDER_WAREHOUSE_LOCATION=" + directory.resolve("warehouse"));
      try (ServerChild live = Stopped.start(directory.resolve("live"), settings);
          PolderClient admin = live.client()) {
        admin.execute("CREATE DATABASE one FOR TENANT default");
        admin.execute("CREATE DATABASE two FOR TENANT default");
        for (MovePhase phase : MovePhase.values()) {
          killAMover(admin, live, phase, settings, threads);
        }
        for (MovePhase phase : MovePhase.values()) {
          verify(admin, live, phase);
        }
      }
    }
  }

  private void killAMover(
      PolderClient admin,
      ServerChild live,
      MovePhase phase,
      List<String> settings,
      ExecutorService threads)
      throws Exception {
    admin.execute("CREATE TENANT " + tenant(phase));
    admin.execute("ALTER DATABASE one ADD TENANT " + tenant(phase));
    try (PolderClient client = in(live, "one", phase)) {
      for (int i = 0; i < TABLES; i++) {
        client.execute("CREATE TABLE t" + i + " AS SELECT i AS n FROM range(100) r(i)");
      }
    }
    Path data = directory.resolve("mover_" + phase);
    try (ServerChild mover = Stopped.start(data, settings)) {
      Future<?>[] running = new Future<?>[1];
      PolderClient client = mover.client();
      Stopped.at(
          data,
          "dev.polder.maintenance.Relocation$Progress",
          "step",
          move -> KilledMoveTest.isIn(move, phase) && isOf(move, tenant(phase)),
          () ->
              running[0] =
                  threads.submit(() ->
                      KilledMoveTest.cutOff(
                          client, "MOVE TENANT " + tenant(phase) + " FROM one TO two")));
      mover.kill();
      running[0].get(30, TimeUnit.SECONDS);
    }
    assertThat(lastMove(admin, phase)).contains("running");
  }

  private static void verify(PolderClient admin, ServerChild live, MovePhase phase) {
    Awaitility.await("the move killed in " + phase)
        .atMost(Duration.ofMinutes(4))
        .until(() -> lastMove(admin, phase).contains("succeeded"));
    try (PolderClient client = in(live, "two", phase)) {
      for (int i = 0; i < TABLES; i++) {
        QueryResult sum = client.execute("SELECT sum(n) FROM t" + i);
        assertThat(sum.rows().getFirst().getFirst().asText()).isEqualTo("4950");
        client.execute("INSERT INTO t" + i + " VALUES (1)");
      }
    }
    assertThat(isIn(live, phase)).as(phase + ": still at the source").isFalse();
    assertThat(
            admin
                .execute("SHOW AUDIT IN DATABASE two WHERE event_type = 'tenant_moved'")
                .rows()
                .stream()
                .filter(row -> row.toString().contains(tenant(phase)))
                .count())
        .as("how often the move that was killed in " + phase + " was made")
        .isOne();
  }

  private static boolean isIn(ServerChild live, MovePhase phase) {
    try (PolderClient client = in(live, "one", phase)) {
      return !client.execute("SHOW TABLES").rows().isEmpty();
    } catch (ServerFailure e) {
      assertThat(e.code()).isEqualTo("DATABASE_NOT_FOUND");
      return false;
    }
  }

  /** A server that is about to be killed may have taken another one's move up. */
  private static boolean isOf(ObjectReference move, String tenant) {
    ObjectReference source = (ObjectReference) Stopped.field(move, "source");
    ObjectReference id = (ObjectReference) Stopped.field(source, "tenant");
    return ((StringReference) Stopped.field(id, "value")).value().equals(tenant);
  }

  private static String tenant(MovePhase phase) {
    return "t_" + phase.word();
  }

  private static String lastMove(PolderClient admin, MovePhase phase) {
    return admin.execute("SHOW JOBS").rows().stream()
        .map(Object::toString)
        .filter(row -> row.contains("move_tenant") && row.contains(tenant(phase) + " from"))
        .reduce("", (_, last) -> last);
  }

  private static PolderClient in(ServerChild server, String database, MovePhase phase) {
    PolderClient client =
        new PolderClient(
            new Target(server.url(), database, tenant(phase)), ServerChild.administrator());
    client.login();
    return client;
  }
}
