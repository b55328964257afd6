package dev.polder.server;

import static dev.polder.server.LocalServers.admin;
import static dev.polder.server.LocalServers.session;
import static dev.polder.server.LocalServers.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers that share a PostgreSQL metastore and a warehouse. */
class PostgresServerTest {
  private static final int WRITERS = 2;
  private static final int INSERTS = 8;

  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;
  private static RunningServer east;
  private static RunningServer west;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.start();
    east = LocalServers.sharing(postgres, directory, "east", Map.of());
    west = LocalServers.sharing(postgres, directory, "west", Map.of());
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      if (west != null) {
        west.close();
      }
      if (east != null) {
        east.close();
      }
    } finally {
      postgres.close();
    }
  }

  @Test
  void whatOneServerWritesTheOtherReadsAtOnce() {
    try (PolderClient here = admin(east);
        PolderClient there = admin(west)) {
      here.execute("CREATE TABLE seen (id INTEGER)");
      for (int i = 1; i <= 5; i++) {
        here.execute("INSERT INTO seen VALUES (" + i + ")");
        assertThat(value(there, "SELECT count(*) FROM seen")).isEqualTo("" + i);
      }
      there.execute("DELETE FROM seen WHERE id <= 2");
      assertThat(value(here, "SELECT sum(id) FROM seen")).isEqualTo("12");
      there.execute("DROP TABLE seen");
      assertThatThrownBy(() -> here.execute("SELECT * FROM seen"))
          .isInstanceOfSatisfying(
              ServerFailure.class, e -> assertThat(e.code()).isEqualTo("COLLECTION_NOT_FOUND"));
    }
  }

  @Test
  void aRevokeOnOneServerHoldsForTheNextStatementOnTheOther() {
    try (PolderClient admin = admin(east)) {
      admin.execute("CREATE TABLE secrets (id INTEGER)");
      admin.execute("INSERT INTO secrets VALUES (42)");
      admin.execute("CREATE TABLE open (id INTEGER)");
      admin.execute("CREATE USER eve PASSWORD 'eve-password' TENANT \"default\"");
      admin.execute("GRANT SELECT ON open TO USER eve");
      admin.execute("GRANT SELECT ON secrets TO USER eve");
      try (PolderClient eve = session(west, "eve", "eve-password")) {
        for (int i = 0; i < 3; i++) {
          assertThat(value(eve, "SELECT id FROM secrets")).isEqualTo("42");
          admin.execute("REVOKE SELECT ON secrets FROM USER eve");
          assertThatThrownBy(() -> eve.execute("SELECT id FROM secrets"))
              .isInstanceOfSatisfying(
                  ServerFailure.class, e -> assertThat(e.code()).isEqualTo("ACCESS_DENIED"));
          admin.execute("GRANT SELECT ON secrets TO USER eve");
        }
      }
    }
  }

  @Test
  void insertsThroughBothServersAtOnceLoseNothing() throws Exception {
    try (PolderClient admin = admin(east)) {
      admin.execute("CREATE TABLE busy (server VARCHAR, writer INTEGER, n INTEGER)");
      CyclicBarrier begin = new CyclicBarrier(2 * WRITERS);
      try (ExecutorService threads = Executors.newFixedThreadPool(2 * WRITERS)) {
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          int writer = i;
          writers.add(threads.submit(() -> insert(east, "east", writer, begin)));
          writers.add(threads.submit(() -> insert(west, "west", writer, begin)));
        }
        for (Future<?> writer : writers) {
          writer.get(2, TimeUnit.MINUTES);
        }
      }
      String all = "" + 2 * WRITERS * INSERTS;
      try (PolderClient there = admin(west)) {
        for (PolderClient client : List.of(admin, there)) {
          assertThat(value(client, "SELECT count(*) FROM busy")).isEqualTo(all);
          assertThat(value(client, "SELECT count(*) FROM (SELECT DISTINCT * FROM busy)"))
              .isEqualTo(all);
        }
      }
    }
  }

  @Test
  void serversTogetherKeepWithinALimitOfConnections() {
    try (PolderClient here = admin(east);
        PolderClient there = admin(west)) {
      here.execute("CREATE USER carl PASSWORD 'carls-password' TENANT \"default\"");
      here.execute("CREATE DATABASE narrow WITH (max_connections = 3)");
      here.execute("GRANT DATABASE_EDITOR ON DATABASE narrow TO carl");
      here.execute("ALTER USER carl SET DEFAULT DATABASE narrow");
      List<PolderClient> open = new ArrayList<>();
      try {
        open.add(session(east, "carl", "carls-password"));
        open.add(session(west, "carl", "carls-password"));
        open.add(session(west, "carl", "carls-password"));
        for (RunningServer server : List.of(east, west)) {
          assertThatThrownBy(() -> session(server, "carl", "carls-password"))
              .isInstanceOfSatisfying(
                  ServerFailure.class,
                  e -> assertThat(e.code()).isEqualTo("CONNECTION_QUOTA_EXCEEDED"));
        }
        open.removeLast().close();
        open.add(
            Awaitility.await()
                .ignoreExceptions()
                .until(() -> session(east, "carl", "carls-password"), client -> true));
        Awaitility.await()
            .untilAsserted(() ->
                assertThat(
                        there
                            .execute("SHOW DATABASE USAGE FOR narrow")
                            .rows()
                            .get(3)
                            .get(3)
                            .asInt())
                    .isEqualTo(3));
      } finally {
        open.forEach(PolderClient::close);
      }
    }
  }

  /** The storage quota is asked in the commit's own transaction: exact. */
  @Test
  void serversTogetherStoreNoMoreThanTheQuota() throws Exception {
    try (PolderClient here = admin(east)) {
      here.execute("CREATE DATABASE small WITH (max_storage_bytes = 400000)");
      try (PolderClient one = inDatabase(east, "small");
          PolderClient two = inDatabase(west, "small");
          ExecutorService threads = Executors.newFixedThreadPool(2)) {
        one.execute("CREATE TABLE much (n BIGINT)");
        List<Future<Integer>> stored =
            List.of(threads.submit(() -> fill(one)), threads.submit(() -> fill(two)));
        int rows = 0;
        for (Future<Integer> of : stored) {
          rows += of.get(2, TimeUnit.MINUTES);
        }
        assertThat(value(two, "SELECT count(*) FROM much")).isEqualTo("" + rows);
        assertThat(value(one, "SELECT count(*) FROM much")).isEqualTo("" + rows);
        assertThat(used(here, "small", "storage")).isBetween(200_000L, 400_000L);
        assertThat(used(here, "small", "storage")).isEqualTo(used(two, "small", "storage"));
      }
    }
  }

  /** Inserts until it is refused; answers how many rows it could. */
  private static int fill(PolderClient client) {
    int rows = 0;
    try {
      while (true) {
        client.execute(
            "INSERT INTO much SELECT (random() * 1000000000000000)::BIGINT FROM range(5000)");
        rows += 5000;
      }
    } catch (ServerFailure e) {
      assertThat(e.code()).isEqualTo("STORAGE_QUOTA_EXCEEDED");
      return rows;
    }
  }

  /**
   * Servers divide a rate by what each was asked for lately. Once they know, they let no more
   * through than the limit and what their buckets of one second held.
   */
  @Test
  void serversTogetherKeepNearALimitOfStatementsASecond() throws Exception {
    int limit = 20;
    try (PolderClient here = admin(east)) {
      here.execute("CREATE DATABASE slow");
      try (PolderClient one = inDatabase(east, "slow");
          PolderClient two = inDatabase(west, "slow");
          ExecutorService threads = Executors.newFixedThreadPool(2)) {
        here.execute("ALTER DATABASE slow SET QUOTA (max_qps = " + limit + ")");
        for (PolderClient client : List.of(one, two)) {
          admitted(client, 1);
        }
        // Both are asked while they come to know of each other.
        List<Future<Integer>> before =
            List.of(threads.submit(() -> admitted(one, 4)), threads.submit(() -> admitted(two, 4)));
        for (Future<Integer> asked : before) {
          asked.get(1, TimeUnit.MINUTES);
        }
        int seconds = 5;
        List<Future<Integer>> then =
            List.of(
                threads.submit(() -> admitted(one, seconds)),
                threads.submit(() -> admitted(two, seconds)));
        int sum = 0;
        for (Future<Integer> asked : then) {
          int admitted = asked.get(1, TimeUnit.MINUTES);
          assertThat(admitted).as("neither starves").isPositive();
          sum += admitted;
        }
        assertThat(sum).isBetween(limit * seconds / 2, limit * (seconds + 1) * 5 / 4);
      }
    }
  }

  private static int admitted(PolderClient client, int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int admitted = 0;
    while (System.nanoTime() < end) {
      try {
        client.execute("SELECT 1");
        admitted++;
      } catch (ServerFailure e) {
        assertThat(e.code()).isEqualTo("QPS_QUOTA_EXCEEDED");
      }
    }
    return admitted;
  }

  private static PolderClient inDatabase(RunningServer server, String database) {
    return session(server, "admin", LocalServers.ADMIN_PASSWORD, database);
  }

  private static long used(PolderClient client, String database, String what) {
    return client.execute("SHOW DATABASE USAGE FOR " + database).rows().stream()
        .filter(row -> row.toString().contains(what))
        .findFirst()
        .orElseThrow()
        .get(3)
        .asLong();
  }

  @Test
  void ofTwoRaisesOnTwoServersThatDoNotFitTogetherExactlyOneHolds() throws Exception {
    try (PolderClient here = admin(east);
        PolderClient there = admin(west)) {
      here.execute("CREATE TENANT left_one");
      here.execute("CREATE TENANT right_one");
      here.execute("CREATE DATABASE pair FOR TENANT left_one WITH (max_qps = 100)");
      here.execute("CREATE DATABASE home FOR TENANT right_one");
      here.execute("MOVE TENANT right_one FROM home TO pair");
      for (int round = 0; round < 5; round++) {
        here.execute("ALTER TENANT left_one IN DATABASE pair SET QUOTA (max_qps = 1)");
        here.execute("ALTER TENANT right_one IN DATABASE pair SET QUOTA (max_qps = 1)");
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
          Future<Boolean> left = threads.submit(() -> raised(here, "left_one"));
          Future<Boolean> right = threads.submit(() -> raised(there, "right_one"));
          assertThat(List.of(left.get(), right.get())).containsExactlyInAnyOrder(true, false);
        }
      }
    }
  }

  private static boolean raised(PolderClient client, String tenant) {
    try {
      client.execute("ALTER TENANT " + tenant + " IN DATABASE pair SET QUOTA (max_qps = 70)");
      return true;
    } catch (ServerFailure e) {
      assertThat(e.code()).isEqualTo("QUOTA_OVERCOMMIT");
      return false;
    }
  }

  private static Void insert(RunningServer server, String name, int writer, CyclicBarrier begin)
      throws Exception {
    try (PolderClient client = admin(server)) {
      begin.await(1, TimeUnit.MINUTES);
      for (int n = 0; n < INSERTS; n++) {
        client.execute("INSERT INTO busy VALUES ('" + name + "', " + writer + ", " + n + ")");
      }
    }
    return null;
  }
}
