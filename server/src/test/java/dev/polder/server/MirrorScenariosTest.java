package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors of databases of the same server, through a door. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MirrorScenariosTest {
  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient admin;
  private int count;
  private String source;
  private String mirror;

  @BeforeAll
  void start() {
    server = LocalServers.start(directory, Map.of());
    admin = LocalServers.admin(server);
  }

  @AfterAll
  void stop() {
    admin.close();
    server.close();
  }

  @BeforeEach
  void databases() {
    source = "prod" + ++count;
    mirror = "copy" + count;
    admin.execute("CREATE DATABASE " + source);
    use(source);
    admin.execute("CREATE TABLE orders (id INTEGER, amount INTEGER)");
    admin.execute("INSERT INTO orders VALUES (1, 10), (2, 20)");
  }

  private void use(String database) {
    admin.execute("USE " + database);
  }

  private String status(String column) {
    var result = admin.execute("SHOW DATABASE MIRROR STATUS FOR " + mirror);
    int at = result.columns().stream().map(c -> c.name()).toList().indexOf(column);
    return result.rows().getFirst().get(at).asText();
  }

  private void awaitCaughtUp(String sql, String value) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(LocalServers.value(admin, sql)).isEqualTo(value));
  }

  private static void refused(String code, Runnable statement) {
    assertThatThrownBy(statement::run)
        .isInstanceOfSatisfying(
            ServerFailure.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  @Test
  void a_mirror_holds_what_its_source_has_and_can_only_be_read() {
    admin.execute("MIRROR DATABASE " + mirror + " FROM " + source);
    assertThat(status("mode")).isEqualTo("async");
    admin.execute("INSERT INTO orders VALUES (3, 30)");
    admin.execute("CREATE TABLE items (name VARCHAR)");
    admin.execute("DELETE FROM orders WHERE id = 1");
    admin.execute("INSERT INTO items VALUES ('a')");
    use(mirror);
    awaitCaughtUp("SELECT count(*) FROM items", "1");
    assertThat(LocalServers.value(admin, "SELECT sum(amount) FROM orders")).isEqualTo("50");
    assertThat(status("status")).isEqualTo("following");
    for (String statement :
        new String[] {
          "INSERT INTO orders VALUES (9, 9)",
          "UPDATE orders SET id = 1",
          "CREATE TABLE mine (a INTEGER)",
          "DROP TABLE orders",
          "CREATE SCHEMA s",
          "ALTER DATABASE " + mirror + " MATERIALIZE",
          "RESET DATABASE " + mirror + " TO SOURCE",
          "CREATE ROW FILTER f ON orders USING (id = 1)"
        }) {
      refused("MIRROR_READ_ONLY", () -> admin.execute(statement));
    }
    refused("CANNOT_CLONE_MIRROR", () -> admin.execute("CLONE DATABASE x1 FROM " + mirror));
    refused("CANNOT_CLONE_MIRROR", () -> admin.execute("MIRROR DATABASE x1 FROM " + mirror));
    refused(
        "INVALID_PARAMETER", () -> admin.execute("MIRROR DATABASE " + source + " FROM " + source));
    refused("CLONE_DEPENDENCY", () -> admin.execute("DROP DATABASE " + source + " CASCADE"));
    refused(
        "PREFLIGHT_FAILED",
        () -> admin.execute("MOVE TENANT \"default\" FROM " + mirror + " TO " + source));
  }

  @Test
  void a_query_says_how_new_what_it_reads_must_be() {
    String[] weak = {"", " CONSISTENCY='bounded_staleness'", " CONSISTENCY = 'eventual'"};
    admin.execute("MIRROR DATABASE " + mirror + " FROM " + source);
    assertThat(LocalServers.value(admin, "SELECT 1 FROM orders LIMIT 1 CONSISTENCY='strong'"))
        .isEqualTo("1");
    use(mirror);
    for (String clause : weak) {
      assertThat(LocalServers.value(admin, "SELECT count(*) FROM orders" + clause)).isEqualTo("2");
    }
    assertThatThrownBy(() -> admin.execute("SELECT * FROM orders CONSISTENCY='strong'"))
        .isInstanceOfSatisfying(
            ServerFailure.class,
            failure -> assertThat(failure.code()).isEqualTo("STALE_READ_NOT_LEADER"))
        .hasMessageContaining(source);
  }

  @Test
  void the_past_of_a_mirror_is_its_sources() {
    admin.execute("MIRROR DATABASE " + mirror + " FROM " + source);
    admin.execute("INSERT INTO orders VALUES (3, 30)");
    use(mirror);
    awaitCaughtUp("SELECT count(*) FROM orders", "3");
    String before = Long.toString(Long.parseLong(status("last_applied")) - 1);
    assertThat(
            LocalServers.value(admin, "SELECT count(*) FROM orders AT (VERSION => " + before + ")"))
        .isEqualTo("2");
    admin.execute("BEGIN");
    assertThat(LocalServers.value(admin, "SELECT count(*) FROM orders")).isEqualTo("3");
    try (PolderClient writer = LocalServers.admin(server)) {
      writer.execute("USE " + source);
      writer.execute("INSERT INTO orders VALUES (4, 40)");
      try (PolderClient reader = LocalServers.admin(server)) {
        reader.execute("USE " + mirror);
        Awaitility.await()
            .untilAsserted(() ->
                assertThat(LocalServers.value(reader, "SELECT count(*) FROM orders"))
                    .isEqualTo("4"));
      }
    }
    assertThat(LocalServers.value(admin, "SELECT count(*) FROM orders")).isEqualTo("3");
    admin.execute("ROLLBACK");
  }

  @Test
  void filters_and_grants_of_the_source_hold_in_the_mirror() {
    String user = "bob" + count;
    admin.execute("CREATE USER " + user + " PASSWORD 'a long password'");
    admin.execute("GRANT SELECT ON orders TO USER " + user);
    admin.execute("MIRROR DATABASE " + mirror + " FROM " + source);
    try (PolderClient bob = LocalServers.session(server, user, "a long password", mirror)) {
      assertThat(LocalServers.value(bob, "SELECT count(*) FROM orders")).isEqualTo("2");
      admin.execute("CREATE ROW FILTER mine ON orders USING (id = 1)");
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(LocalServers.value(bob, "SELECT count(*) FROM orders")).isEqualTo("1"));
      admin.execute("REVOKE SELECT ON orders FROM USER " + user);
      Awaitility.await()
          .untilAsserted(() ->
              assertThatThrownBy(() -> bob.execute("SELECT * FROM orders"))
                  .isInstanceOf(ServerFailure.class));
    }
  }

  @Test
  void promoted_under_load_it_holds_what_the_source_held_after_one_of_its_commits()
      throws Exception {
    admin.execute("CREATE TABLE other (amount INTEGER)");
    admin.execute("INSERT INTO other VALUES (70)");
    admin.execute("MIRROR DATABASE " + mirror + " FROM " + source);
    CountDownLatch started = new CountDownLatch(5);
    CountDownLatch ended = new CountDownLatch(1);
    CompletableFuture<Integer> load =
        CompletableFuture.supplyAsync(() -> {
          try (PolderClient writer = LocalServers.admin(server)) {
            writer.execute("USE " + source);
            int transfers = 0;
            while (ended.getCount() > 0) {
              writer.execute("BEGIN");
              writer.execute("INSERT INTO orders VALUES (7, 1)");
              writer.execute("INSERT INTO other VALUES (-1)");
              writer.execute("COMMIT");
              transfers++;
              started.countDown();
            }
            return transfers;
          }
        });
    use(mirror);
    String sum =
        "SELECT (SELECT sum(amount) FROM orders) + (SELECT sum(amount) FROM other) AS total";
    while (started.getCount() > 0) {
      assertThat(LocalServers.value(admin, sum)).isEqualTo("100");
    }
    for (int i = 0; i < 5; i++) {
      assertThat(LocalServers.value(admin, sum)).isEqualTo("100");
    }
    admin.execute("ALTER DATABASE " + mirror + " PROMOTE");
    String rows = LocalServers.value(admin, "SELECT count(*) FROM orders");
    ended.countDown();
    int transfers = load.get();
    assertThat(LocalServers.value(admin, sum)).isEqualTo("100");
    assertThat(Integer.parseInt(rows)).isBetween(2, transfers + 2);
    assertThat(LocalServers.value(admin, "SELECT count(*) FROM orders")).isEqualTo(rows);
    admin.execute("ALTER DATABASE " + mirror + " PROMOTE");
    assertThat(status("status")).isEqualTo("promoted");
    admin.execute("INSERT INTO orders VALUES (8, 0)");
    admin.execute("CLONE DATABASE twin" + count + " FROM " + mirror);
    use("twin" + count);
    assertThat(LocalServers.value(admin, sum)).isEqualTo("100");
    refused("NOT_A_MIRROR", () -> admin.execute("ALTER DATABASE " + source + " PROMOTE"));
  }

  @Test
  void a_synchronous_mirror_has_a_commit_as_soon_as_the_source() {
    admin.execute("MIRROR DATABASE " + mirror + " FROM " + source + " MODE = sync");
    admin.execute("INSERT INTO orders VALUES (3, 30)");
    use(mirror);
    assertThat(LocalServers.value(admin, "SELECT count(*) FROM orders")).isEqualTo("3");
  }

  @Test
  void a_mirror_whose_source_is_dropped_by_force_keeps_its_state() {
    String clone = "clone" + count;
    admin.execute("CLONE DATABASE " + clone + " FROM " + source);
    admin.execute("MIRROR DATABASE " + mirror + " FROM " + clone);
    use(clone);
    admin.execute("INSERT INTO orders VALUES (3, 30)");
    use(mirror);
    awaitCaughtUp("SELECT count(*) FROM orders", "3");
    admin.execute("DROP DATABASE " + clone + " FORCE");
    assertThat(LocalServers.value(admin, "SELECT sum(amount) FROM orders")).isEqualTo("60");
    assertThat(status("status")).isEqualTo("disconnected");
    refused("MIRROR_READ_ONLY", () -> admin.execute("INSERT INTO orders VALUES (4, 40)"));
    admin.execute("ALTER DATABASE " + mirror + " PROMOTE");
    admin.execute("INSERT INTO orders VALUES (4, 40)");
    assertThat(LocalServers.value(admin, "SELECT sum(amount) FROM orders")).isEqualTo("100");
    use("\"default\"");
    admin.execute("DROP DATABASE " + mirror + " CASCADE");
  }
}
