package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Synchronous mirrors between two servers, with a network between them that can be cut. */
final class SyncMirrorTest {
  @TempDir Path directory;
  private TwoServers servers;
  private PolderClient source;
  private PolderClient mirror;
  private CuttableProxy network;

  @BeforeEach
  void start() {
    servers = new TwoServers(directory);
    source = servers.source;
    mirror = servers.mirror;
    network = servers.network;
  }

  @AfterEach
  void stop() throws IOException {
    servers.close();
  }

  private void follow(String options) {
    mirror.execute("MIRROR DATABASE copy FROM us.prod MODE = sync WITH (" + options + ")");
    servers.awaitFollower("following");
    mirror.execute("USE copy");
  }

  private List<String> told() {
    return source.execute("SHOW AUDIT IN DATABASE prod").rows().stream()
        .map(Object::toString)
        .filter(it -> it.contains("mirror_"))
        .toList();
  }

  @Test
  void what_a_client_was_told_is_in_a_mirror_that_is_cut_off_at_once() {
    follow("sync_timeout = '30s'");
    source.execute("CREATE SCHEMA shop");
    source.execute("CREATE TABLE shop.items AS SELECT 1 AS a");
    source.execute("CREATE VIEW shop.large AS SELECT * FROM main.orders WHERE id > 50");
    source.execute("DELETE FROM orders WHERE id < 10");
    source.execute("ALTER TABLE shop.items RENAME TO goods");
    source.execute("BEGIN");
    source.execute("INSERT INTO orders VALUES (1000, 1)");
    source.execute("INSERT INTO shop.goods VALUES (2)");
    source.execute("COMMIT");
    network.cut();
    QueryResult promoted = mirror.execute("ALTER DATABASE copy PROMOTE");
    // The last commit was staged, or its confirmation came just before the cut.
    assertThat(promoted.notices().toString()).containsPattern("1 staged commits|at commit \\d+ of");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("91");
    assertThat(LocalServers.value(mirror, "SELECT max(id) FROM orders")).isEqualTo("1000");
    assertThat(LocalServers.value(mirror, "SELECT sum(a) FROM shop.goods")).isEqualTo("3");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM shop.large")).isEqualTo("50");
    mirror.execute("INSERT INTO orders VALUES (5000, 1)");
  }

  @Test
  void a_commit_waits_for_its_mirror_and_holds_nobody_elses_up() throws Exception {
    follow("sync_timeout = '60s'");
    network.cut();
    CompletableFuture<Void> commit =
        CompletableFuture.runAsync(() -> {
          try (PolderClient writer = LocalServers.admin(servers.there)) {
            writer.execute("USE prod");
            writer.execute("INSERT INTO orders VALUES (1000, 1)");
          }
        });
    source.execute("CREATE DATABASE other");
    source.execute("USE other");
    source.execute("CREATE TABLE t (a INTEGER)");
    for (int i = 0; i < 5; i++) {
      source.execute("INSERT INTO t VALUES (" + i + ")");
    }
    source.execute("USE prod");
    Awaitility.await()
        .during(Duration.ofSeconds(2))
        .atMost(TwoServers.LONG)
        .until(() ->
            !commit.isDone()
                && LocalServers.value(source, "SELECT count(*) FROM orders").equals("100"));
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("100");
    network.heal();
    commit.get(60, TimeUnit.SECONDS);
    servers.awaitValue("SELECT count(*) FROM orders", "101");
  }

  @Test
  void without_an_answer_a_commit_fails_until_the_mirror_is_let_go_of() {
    follow("sync_timeout = '1s', on_timeout = 'fail'");
    network.cut();
    assertThatThrownBy(() -> source.execute("INSERT INTO orders VALUES (1000, 1)"))
        .isInstanceOfSatisfying(
            ServerFailure.class,
            failure -> assertThat(failure.code()).isEqualTo("MIRROR_SYNC_TIMEOUT"))
        .hasMessageContaining("mirror copy")
        .hasMessageContaining("DETACH MIRROR copy");
    TwoServers.refused("MIRROR_SYNC_TIMEOUT", () -> source.execute("CREATE TABLE t (a INTEGER)"));
    assertThat(LocalServers.value(source, "SELECT count(*) FROM orders")).isEqualTo("100");
    servers.awaitFollower("disconnected");
    long begun = System.nanoTime();
    TwoServers.refused("MIRROR_SYNC_TIMEOUT", () -> source.execute("DELETE FROM orders"));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    TwoServers.refused(
        "NOT_A_MIRROR", () -> source.execute("ALTER DATABASE prod DETACH MIRROR nobody"));
    source.execute("ALTER DATABASE prod DETACH MIRROR copy");
    source.execute("INSERT INTO orders VALUES (1000, 1)");
    assertThat(told().toString()).contains("mirror_attached", "mirror_detached");
    network.heal();
    servers.awaitValue("SELECT count(*) FROM orders", "101");
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .untilAsserted(() -> {
          assertThat(
                  TwoServers.text(mirror.execute("SHOW DATABASE MIRROR STATUS FOR copy"), "mode"))
              .isEqualTo("async");
          TwoServers.refused(
              "NOT_A_MIRROR", () -> source.execute("SHOW DATABASE MIRROR STATUS FOR prod"));
        });
  }

  @Test
  void without_an_answer_a_commit_goes_on_and_says_so_until_the_mirror_is_back() {
    follow("sync_timeout = '1s', on_timeout = 'degrade'");
    network.cut();
    source.execute("INSERT INTO orders VALUES (1000, 1)");
    long begun = System.nanoTime();
    source.execute("INSERT INTO orders VALUES (1001, 1)");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    assertThat(servers.follower("status")).isIn("degraded", "disconnected");
    assertThat(servers.follower("error")).contains("go on without it since");
    assertThat(told().toString()).contains("mirror_degraded");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("100");
    network.heal();
    servers.awaitFollower("following");
    servers.awaitValue("SELECT count(*) FROM orders", "102");
    assertThat(told().toString()).contains("mirror_recovered");
    source.execute("INSERT INTO orders VALUES (1002, 1)");
    network.cut();
    mirror.execute("ALTER DATABASE copy PROMOTE");
    assertThat(LocalServers.value(mirror, "SELECT max(id) FROM orders")).isEqualTo("1002");
  }

  @Test
  void a_mirror_that_ends_to_follow_is_waited_for_no_more() {
    follow("sync_timeout = '5s'");
    source.execute("INSERT INTO orders VALUES (1000, 1)");
    QueryResult promoted = mirror.execute("ALTER DATABASE copy PROMOTE");
    assertThat(promoted.notices().toString()).doesNotContain("staged");
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .untilAsserted(() ->
            TwoServers.refused(
                "NOT_A_MIRROR", () -> source.execute("SHOW DATABASE MIRROR STATUS FOR prod")));
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("101");
    mirror.execute("USE \"default\"");
    mirror.execute("DROP DATABASE copy CASCADE");
    follow("sync_timeout = '5s'");
    mirror.execute("USE \"default\"");
    mirror.execute("DROP DATABASE copy CASCADE");
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .untilAsserted(() ->
            TwoServers.refused(
                "NOT_A_MIRROR", () -> source.execute("SHOW DATABASE MIRROR STATUS FOR prod")));
    source.execute("INSERT INTO orders VALUES (1001, 1)");
  }
}
