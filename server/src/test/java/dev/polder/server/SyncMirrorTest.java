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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Synchronous mirrors between two servers, with a network between them that can be cut. */
final class SyncMirrorTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;
  private RunningServer there;
  private RunningServer here;
  private CuttableProxy network;
  private PolderClient source;
  private PolderClient mirror;

  @BeforeEach
  void start() {
    there = LocalServers.start(directory.resolve("there"), Map.of());
    here = LocalServers.start(directory.resolve("here"), Map.of());
    network = new CuttableProxy(there.endpoints().http().getPort());
    source = LocalServers.admin(there);
    mirror = LocalServers.admin(here);
    source.execute("CREATE DATABASE prod");
    source.execute("USE prod");
    source.execute("CREATE TABLE orders (id INTEGER)");
    source.execute("INSERT INTO orders SELECT range FROM range(100)");
    String token = text(source.execute("CREATE TOKEN mirrors"), "token");
    mirror.execute(
        "CREATE CLUSTER us WITH (url = '" + network.url() + "', token = '" + token + "')");
  }

  @AfterEach
  void stop() throws IOException {
    mirror.close();
    source.close();
    network.close();
    here.close();
    there.close();
  }

  private static String text(QueryResult result, String column) {
    List<String> names = result.columns().stream().map(it -> it.name()).toList();
    return result.rows().getFirst().get(names.indexOf(column)).asText();
  }

  private void follow(String options) {
    mirror.execute("MIRROR DATABASE copy FROM us.prod MODE = sync WITH (" + options + ")");
    awaitFollower("following");
    mirror.execute("USE copy");
  }

  private String follower(String column) {
    return text(source.execute("SHOW DATABASE MIRROR STATUS FOR prod"), column);
  }

  private void awaitFollower(String status) {
    Awaitility.await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(follower("status")).isEqualTo(status));
  }

  private void awaitValue(String sql, String value) {
    Awaitility.await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(LocalServers.value(mirror, sql)).isEqualTo(value));
  }

  private static void refused(String code, Runnable statement) {
    assertThatThrownBy(statement::run)
        .isInstanceOfSatisfying(
            ServerFailure.class, failure -> assertThat(failure.code()).isEqualTo(code));
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
    source.execute("INSERT INTO orders VALUES (1000)");
    source.execute("INSERT INTO shop.goods VALUES (2)");
    source.execute("COMMIT");
    network.cut();
    QueryResult promoted = mirror.execute("ALTER DATABASE copy PROMOTE");
    assertThat(promoted.notices().toString()).contains("1 staged commits");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("91");
    assertThat(LocalServers.value(mirror, "SELECT max(id) FROM orders")).isEqualTo("1000");
    assertThat(LocalServers.value(mirror, "SELECT sum(a) FROM shop.goods")).isEqualTo("3");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM shop.large")).isEqualTo("50");
    mirror.execute("INSERT INTO orders VALUES (5000)");
  }

  @Test
  void a_commit_waits_for_its_mirror_and_holds_nobody_elses_up() throws Exception {
    follow("sync_timeout = '60s'");
    network.cut();
    CompletableFuture<Void> commit =
        CompletableFuture.runAsync(() -> {
          try (PolderClient writer = LocalServers.admin(there)) {
            writer.execute("USE prod");
            writer.execute("INSERT INTO orders VALUES (1000)");
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
        .atMost(LONG)
        .until(() ->
            !commit.isDone()
                && LocalServers.value(source, "SELECT count(*) FROM orders").equals("100"));
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("100");
    network.heal();
    commit.get(60, TimeUnit.SECONDS);
    awaitValue("SELECT count(*) FROM orders", "101");
  }

  @Test
  void without_an_answer_a_commit_fails_until_the_mirror_is_let_go_of() {
    follow("sync_timeout = '1s', on_timeout = 'fail'");
    network.cut();
    assertThatThrownBy(() -> source.execute("INSERT INTO orders VALUES (1000)"))
        .isInstanceOfSatisfying(
            ServerFailure.class,
            failure -> assertThat(failure.code()).isEqualTo("MIRROR_SYNC_TIMEOUT"))
        .hasMessageContaining("mirror copy")
        .hasMessageContaining("DETACH MIRROR copy");
    refused("MIRROR_SYNC_TIMEOUT", () -> source.execute("CREATE TABLE t (a INTEGER)"));
    assertThat(LocalServers.value(source, "SELECT count(*) FROM orders")).isEqualTo("100");
    awaitFollower("disconnected");
    long begun = System.nanoTime();
    refused("MIRROR_SYNC_TIMEOUT", () -> source.execute("DELETE FROM orders"));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    refused("NOT_A_MIRROR", () -> source.execute("ALTER DATABASE prod DETACH MIRROR nobody"));
    source.execute("ALTER DATABASE prod DETACH MIRROR copy");
    source.execute("INSERT INTO orders VALUES (1000)");
    assertThat(told().toString()).contains("mirror_attached", "mirror_detached");
    network.heal();
    awaitValue("SELECT count(*) FROM orders", "101");
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(text(mirror.execute("SHOW DATABASE MIRROR STATUS FOR copy"), "mode"))
              .isEqualTo("async");
          refused("NOT_A_MIRROR", () -> source.execute("SHOW DATABASE MIRROR STATUS FOR prod"));
        });
  }

  @Test
  void without_an_answer_a_commit_goes_on_and_says_so_until_the_mirror_is_back() {
    follow("sync_timeout = '1s', on_timeout = 'degrade'");
    network.cut();
    source.execute("INSERT INTO orders VALUES (1000)");
    long begun = System.nanoTime();
    source.execute("INSERT INTO orders VALUES (1001)");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    assertThat(follower("status")).isIn("degraded", "disconnected");
    assertThat(follower("error")).contains("go on without it since");
    assertThat(told().toString()).contains("mirror_degraded");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("100");
    network.heal();
    awaitFollower("following");
    awaitValue("SELECT count(*) FROM orders", "102");
    assertThat(told().toString()).contains("mirror_recovered");
    source.execute("INSERT INTO orders VALUES (1002)");
    network.cut();
    mirror.execute("ALTER DATABASE copy PROMOTE");
    assertThat(LocalServers.value(mirror, "SELECT max(id) FROM orders")).isEqualTo("1002");
  }

  @Test
  void a_mirror_that_ends_to_follow_is_waited_for_no_more() {
    follow("sync_timeout = '5s'");
    source.execute("INSERT INTO orders VALUES (1000)");
    QueryResult promoted = mirror.execute("ALTER DATABASE copy PROMOTE");
    assertThat(promoted.notices().toString()).doesNotContain("staged");
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(() ->
            refused("NOT_A_MIRROR", () -> source.execute("SHOW DATABASE MIRROR STATUS FOR prod")));
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("101");
    mirror.execute("USE \"default\"");
    mirror.execute("DROP DATABASE copy CASCADE");
    follow("sync_timeout = '5s'");
    mirror.execute("USE \"default\"");
    mirror.execute("DROP DATABASE copy CASCADE");
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(() ->
            refused("NOT_A_MIRROR", () -> source.execute("SHOW DATABASE MIRROR STATUS FOR prod")));
    source.execute("INSERT INTO orders VALUES (1001)");
  }
}
