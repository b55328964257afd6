package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.IcebergRequests.Answer;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Drops that purge, and the tasks that they leave behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PurgeTaskTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String PASSWORD = "correct horse battery";

  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient sql;
  private IcebergRequests door;
  private String database;
  private String tables;

  @BeforeAll
  void start() {
    server = LocalServers.start(directory.resolve("data"), Map.of());
    sql = LocalServers.admin(server);
  }

  @AfterAll
  void stop() {
    sql.close();
    server.close();
  }

  @BeforeEach
  void database() {
    database = "d" + UUID.randomUUID().toString().replace('-', '_');
    sql.execute("CREATE DATABASE " + database);
    sql.execute("USE " + database);
    sql.execute("CREATE TABLE t AS SELECT 1 AS id");
    String token = TwoServers.text(sql.execute("CREATE TOKEN t_" + database), "token");
    door = new IcebergRequests(server.endpoints().http(), token);
    tables = "/v1/" + door.prefix(database) + "/namespaces/main/tables";
  }

  private static long files(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String task(Answer dropped) {
    assertThat(dropped.status()).isEqualTo(204);
    return dropped.headers().firstValue("Location").orElseThrow().replace("/api/catalog", "");
  }

  @Test
  void a_purge_deletes_the_files_and_its_task_says_so() {
    Answer loaded = door.get(tables + "/t");
    Path location = Path.of(loaded.body().path("metadata").path("location").asText());
    String metadata = loaded.body().path("metadata-location").asText();
    assertThat(files(location)).isPositive();
    String key = IcebergRequests.key();
    Answer dropped = door.send("DELETE", tables + "/t?purgeRequested=true", "", key);
    String task = task(dropped);
    assertThat(task(door.send("DELETE", tables + "/t?purgeRequested=true", "", key)))
        .isEqualTo(task);
    assertThat(door.get(tables + "/t").status()).isEqualTo(404);
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(door.get(task).body().path("task").path("state").asText())
                .isEqualTo("succeeded"));
    assertThat(door.get(task).body().path("task").path("progress").path("files_deleted").asLong())
        .isPositive();
    assertThat(files(location)).isZero();
    Answer register =
        door.send(
            "POST",
            tables.replace("/tables", "/register"),
            "{\"name\":\"t\",\"metadata-location\":\"" + metadata + "\"}",
            null);
    assertThat(register.status()).isEqualTo(400);
    assertThat(register.body().path("error").path("message").asText()).contains("purged");
    String list = task.substring(0, task.lastIndexOf('/'));
    assertThat(door.get(list).body().path("tasks").findValuesAsText("subject"))
        .containsExactly("main.t");
    assertThat(door.get(list + "?state=failed").body().path("tasks")).isEmpty();
    assertThat(door.get(list + "?state=none").status()).isEqualTo(400);
    assertThat(door.send("DELETE", task, "", null).status()).isEqualTo(409);
    assertThat(door.get(list + "/nobody").status()).isEqualTo(404);
  }

  @Test
  void a_purge_leaves_a_clone_its_rows() {
    sql.execute("CLONE DATABASE " + database + "_c FROM " + database);
    String task = task(door.send("DELETE", tables + "/t?purgeRequested=true", "", null));
    Awaitility.await()
        .atMost(LONG)
        .until(() -> door.get(task).body().path("task").path("state").asText().equals("succeeded"));
    assertThat(door.get(task).body().path("task").path("progress").path("files_kept").asLong())
        .isPositive();
    sql.execute("USE " + database + "_c");
    assertThat(LocalServers.value(sql, "SELECT count(*) FROM t")).isEqualTo("1");
  }

  @Test
  void a_cancel_that_is_sent_again_under_its_key_is_answered_as_it_was() {
    String task = task(door.send("DELETE", tables + "/t?purgeRequested=true", "", null));
    String key = IcebergRequests.key();
    // The purge may have ended by now.
    int first = door.send("DELETE", task, "", key).status();
    assertThat(first).isIn(204, 409);
    assertThat(door.send("DELETE", task, "", key).status()).isEqualTo(first);
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(door.get(task).body().path("task").path("state").asText())
                .isIn("succeeded", "cancelled"));
    assertThat(door.send("DELETE", task, "", key).status()).isEqualTo(first);
  }

  @Test
  void it_takes_the_right_to_delete_and_is_its_own_principals_to_see() {
    try (PolderClient one = user("a_" + database);
        PolderClient two = user("b_" + database)) {
      IcebergRequests first = door(one);
      IcebergRequests second = door(two);
      sql.execute("GRANT SELECT, DROP ON t TO USER a_" + database);
      assertThat(first.send("DELETE", tables + "/t?purgeRequested=true", "", null).status())
          .isEqualTo(403);
      sql.execute("GRANT DELETE ON t TO USER a_" + database);
      String task = task(first.send("DELETE", tables + "/t?purgeRequested=true", "", null));
      String list = task.substring(0, task.lastIndexOf('/'));
      assertThat(first.get(task).status()).isEqualTo(200);
      assertThat(second.get(task).status()).isEqualTo(404);
      assertThat(second.send("DELETE", task, "", null).status()).isEqualTo(404);
      assertThat(second.get(list).body().path("tasks")).isEmpty();
      assertThat(first.get(list).body().path("tasks")).hasSize(1);
      assertThat(door.get(list).body().path("tasks")).hasSize(1);
    }
  }

  private PolderClient user(String name) {
    sql.execute("CREATE USER " + name + " PASSWORD '" + PASSWORD + "'");
    sql.execute("CREATE TABLE of_" + name + " (id INTEGER)");
    sql.execute("GRANT SELECT ON of_" + name + " TO USER " + name);
    return LocalServers.session(server, name, PASSWORD, database);
  }

  private IcebergRequests door(PolderClient client) {
    return new IcebergRequests(
        server.endpoints().http(), TwoServers.text(client.execute("CREATE TOKEN mine"), "token"));
  }
}
