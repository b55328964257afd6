package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.IcebergRequests.Answer;
import dev.polder.server.client.PolderClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Changes that are sent more than once under one key. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IdempotencyTest {
  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient sql;
  private IcebergRequests door;
  private String database;
  private String tables;
  private String path;

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
    String token = TwoServers.text(sql.execute("CREATE TOKEN t_" + database), "token");
    door = new IcebergRequests(server.endpoints().http(), token);
    path = "/v1/" + door.prefix(database);
    tables = path + "/namespaces/main/tables";
  }

  private Answer create(String name, String key) {
    return door.send("POST", tables, IcebergRequests.TABLE.formatted(name), key);
  }

  private static String property(String value) {
    return "{\"requirements\":[],\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"p\":\""
        + value
        + "\"}}]}";
  }

  private String collections() {
    return LocalServers.value(
        sql, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'main'");
  }

  @Test
  void the_configuration_says_for_how_long_keys_are_kept() {
    assertThat(
            door.get("/v1/config?warehouse=" + database)
                .body()
                .path("idempotency-key-lifetime")
                .asText())
        .isEqualTo("PT30M");
  }

  @Test
  void a_creation_sent_again_is_answered_as_the_first_one() {
    String key = IcebergRequests.key();
    Answer first = create("t", key);
    assertThat(first.status()).isEqualTo(200);
    Answer again = create("t", key);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("ETag")).isEqualTo(first.headers().firstValue("ETag"));
    assertThat(create("t", IcebergRequests.key()).status()).isEqualTo(409);
    assertThat(collections()).isEqualTo("1");
  }

  @Test
  void a_commit_sent_again_shows_the_table_as_of_that_commit() {
    create("t", IcebergRequests.key());
    String key = IcebergRequests.key();
    Answer first = door.send("POST", tables + "/t", property("1"), key);
    door.send("POST", tables + "/t", property("2"), IcebergRequests.key());
    Answer again = door.send("POST", tables + "/t", property("1"), key);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(
            door.get(tables + "/t").body().path("metadata").path("properties").path("p").asText())
        .isEqualTo("2");
  }

  @Test
  void changes_without_a_body_in_their_answer_are_made_once() {
    create("t", IcebergRequests.key());
    String rename = IcebergRequests.key();
    String body =
        "{\"source\":{\"namespace\":[\"main\"],\"name\":\"t\"},"
            + "\"destination\":{\"namespace\":[\"main\"],\"name\":\"u\"}}";
    for (int i = 0; i < 2; i++) {
      assertThat(door.send("POST", path + "/tables/rename", body, rename).status()).isEqualTo(204);
    }
    String drop = IcebergRequests.key();
    for (int i = 0; i < 2; i++) {
      assertThat(door.send("DELETE", tables + "/u", "", drop).status()).isEqualTo(204);
    }
    String namespace = IcebergRequests.key();
    for (int i = 0; i < 2; i++) {
      assertThat(
              door.send("POST", path + "/namespaces", "{\"namespace\":[\"n\"]}", namespace)
                  .status())
          .isEqualTo(200);
    }
    String properties = IcebergRequests.key();
    String change = "{\"removals\":[\"gone\",\"a\"],\"updates\":{\"b\":\"1\"}}";
    door.send(
        "POST",
        path + "/namespaces/n/properties",
        "{\"updates\":{\"a\":\"1\"}}",
        IcebergRequests.key());
    Answer first = door.send("POST", path + "/namespaces/n/properties", change, properties);
    assertThat(first.body().path("removed").toString()).isEqualTo("[\"a\"]");
    assertThat(first.body().path("missing").toString()).isEqualTo("[\"gone\"]");
    assertThat(door.send("POST", path + "/namespaces/n/properties", change, properties).body())
        .isEqualTo(first.body());
  }

  @Test
  void a_final_refusal_is_repeated_even_when_it_would_not_be_one_any_more() {
    String key = IcebergRequests.key();
    Answer refused = door.send("POST", tables + "/t", property("1"), key);
    assertThat(refused.status()).isEqualTo(404);
    create("t", IcebergRequests.key());
    Answer again = door.send("POST", tables + "/t", property("1"), key);
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.body()).isEqualTo(refused.body());
  }

  @Test
  void a_table_may_be_staged_again_for_nothing_was_made() {
    String key = IcebergRequests.key();
    String staged =
        IcebergRequests.TABLE.formatted("s").replaceFirst("\\{", "{\"stage-create\":true,");
    for (int i = 0; i < 2; i++) {
      assertThat(door.send("POST", tables, staged, key).status()).isEqualTo(200);
    }
    assertThat(collections()).isEqualTo("0");
  }

  @Test
  void a_key_is_of_version_7_and_for_one_request() {
    assertThat(create("t", UUID.randomUUID().toString()).status()).isEqualTo(400);
    assertThat(create("t", "x").status()).isEqualTo(400);
    String key = IcebergRequests.key();
    create("t", key);
    assertThat(create("u", key).status()).isEqualTo(422);
    assertThat(door.send("DELETE", tables + "/t", "", key).status()).isEqualTo(422);
    assertThat(collections()).isEqualTo("1");
  }

  @Test
  void a_key_is_its_principals_alone() {
    String key = IcebergRequests.key();
    create("t", key);
    sql.execute("CREATE USER u_" + database + " PASSWORD 'correct horse battery'");
    sql.execute("GRANT DATABASE_OWNER ON DATABASE " + database + " TO USER u_" + database);
    try (PolderClient other =
        LocalServers.session(server, "u_" + database, "correct horse battery", database)) {
      String token = TwoServers.text(other.execute("CREATE TOKEN mine"), "token");
      IcebergRequests theirs = new IcebergRequests(server.endpoints().http(), token);
      assertThat(theirs.send("POST", tables, IcebergRequests.TABLE.formatted("t"), key).status())
          .isEqualTo(409);
    }
  }

  @Test
  void nobody_leaves_a_key_in_a_space_of_others() throws Exception {
    sql.execute("CREATE USER s_" + database + " PASSWORD 'correct horse battery'");
    sql.execute("CREATE DATABASE " + database + "_o");
    sql.execute("GRANT DATABASE_OWNER ON DATABASE " + database + "_o TO USER s_" + database);
    try (PolderClient other =
        LocalServers.session(server, "s_" + database, "correct horse battery", database + "_o")) {
      String token = TwoServers.text(other.execute("CREATE TOKEN mine"), "token");
      IcebergRequests theirs = new IcebergRequests(server.endpoints().http(), token);
      long before = keys();
      assertThat(
              theirs
                  .send("POST", tables, IcebergRequests.TABLE.formatted("t"), IcebergRequests.key())
                  .status())
          .isEqualTo(403);
      assertThat(keys()).isEqualTo(before);
    }
  }

  @Test
  void of_requests_at_the_same_time_one_is_done() throws Exception {
    create("t", IcebergRequests.key());
    String key = IcebergRequests.key();
    List<Future<Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        answers.add(threads.submit(() -> door.send("POST", tables + "/t", property("1"), key)));
      }
    }
    Answer first = answers.getFirst().get();
    assertThat(first.status()).isEqualTo(200);
    for (Future<Answer> answer : answers) {
      assertThat(answer.get().body()).isEqualTo(first.body());
    }
    assertThat(door.get(tables + "/t").body().path("metadata").path("metadata-log").size())
        .isEqualTo(1);
  }

  @Test
  void icebergs_own_client_sends_a_key_with_each_change() throws Exception {
    long before = keys();
    try (RESTCatalog catalog = IcebergCatalogs.open(server, database, door.token())) {
      catalog.createNamespace(Namespace.of("n"), new HashMap<>());
      Table table = catalog.createTable(TableIdentifier.of("n", "t"), IcebergCatalogs.ORDERS);
      table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 3)).commit();
      catalog.renameTable(TableIdentifier.of("n", "t"), TableIdentifier.of("n", "u"));
      catalog.dropTable(TableIdentifier.of("n", "u"), true);
      catalog.dropNamespace(Namespace.of("n"));
    }
    assertThat(keys() - before).isGreaterThanOrEqualTo(6);
  }

  private static long keys() throws Exception {
    try (Connection metastore =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/metastore.db"));
        ResultSet count =
            metastore.createStatement().executeQuery("SELECT COUNT(*) FROM idempotency_key")) {
      count.next();
      return count.getLong(1);
    }
  }
}
