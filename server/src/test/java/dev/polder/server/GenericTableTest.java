package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.server.IcebergRequests.Answer;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tables of formats that the server does not read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GenericTableTest {
  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient sql;
  private IcebergRequests door;
  private String database;
  private String all;
  private String delta;

  @BeforeAll
  void start() {
    server =
        LocalServers.start(
            directory.resolve("data"),
            Map.of("POLDER_ICEBERG_EXTERNAL_LOCATIONS", directory.resolve("lake").toString()));
    sql = LocalServers.admin(server);
    delta =
        "{\"name\":\"d\",\"format\":\"delta\",\"base-location\":\""
            + directory.resolve("lake/d")
            + "\",\"doc\":\"a table\",\"properties\":{\"k\":\"v\",\"format\":\"mine\"}}";
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
    all = in(database);
  }

  private String in(String other) {
    return "/polaris/v1/" + door.prefix(other) + "/namespaces/main/generic-tables";
  }

  private static String named(String name) {
    return "{\"name\":\"" + name + "\",\"format\":\"csv\"}";
  }

  @Test
  void one_is_made_loaded_listed_and_dropped() {
    Answer made = door.send("POST", all, delta, IcebergRequests.key());
    assertThat(made.status()).isEqualTo(200);
    Answer loaded = door.get(all + "/d");
    assertThat(loaded.body()).isEqualTo(made.body());
    assertThat(loaded.body().path("table").path("properties").path("format").asText())
        .isEqualTo("mine");
    assertThat(loaded.body().path("table").path("doc").asText()).isEqualTo("a table");
    assertThat(door.get(all).names()).containsExactly("d");
    assertThat(door.send("DELETE", all + "/d", "", null).status()).isEqualTo(204);
    assertThat(door.get(all + "/d").status()).isEqualTo(404);
    assertThat(door.get("/v1/config?warehouse=" + database).body().path("endpoints").toString())
        .contains("POST /polaris/v1/{prefix}/namespaces/{namespace}/generic-tables");
  }

  @Test
  void its_name_is_taken_for_tables_and_views_too() {
    sql.execute("CREATE TABLE t (id INTEGER)");
    sql.execute("CREATE VIEW v AS SELECT 1 AS one");
    assertThat(door.send("POST", all, named("t"), null).status()).isEqualTo(409);
    assertThat(door.send("POST", all, named("v"), null).status()).isEqualTo(409);
    assertThat(door.send("POST", all, named("g"), null).status()).isEqualTo(200);
    assertThat(door.send("POST", all, named("g"), null).status()).isEqualTo(409);
    assertThatThrownBy(() -> sql.execute("CREATE TABLE g (id INTEGER)"))
        .hasMessageContaining("generic table main.g exists already");
    assertThat(door.get(all.replace("/polaris", "").replace("generic-tables", "tables")).names())
        .containsExactly("t");
  }

  @Test
  void sql_shows_it_and_says_why_it_cannot_be_read_or_dropped() {
    door.send("POST", all, delta, null);
    assertThat(
            LocalServers.value(
                sql, "SELECT table_type FROM information_schema.tables WHERE table_name = 'd'"))
        .isEqualTo("FOREIGN");
    assertThat(LocalServers.value(sql, "SHOW TABLES")).isEqualTo("d");
    assertThatThrownBy(() -> sql.execute("SELECT * FROM d"))
        .hasMessageContaining("is a generic table: it is read by engines that know its format");
    assertThatThrownBy(() -> sql.execute("INSERT INTO d VALUES (1)"))
        .hasMessageContaining("is a generic table");
    assertThatThrownBy(() -> sql.execute("DROP TABLE d"))
        .hasMessageContaining("generic table; drop it by DELETE");
    assertThatThrownBy(() -> sql.execute("DROP VIEW d")).hasMessageContaining("generic table");
    assertThatThrownBy(() -> sql.execute("ALTER TABLE d ADD COLUMN x INTEGER"))
        .hasMessageContaining("generic table");
  }

  @Test
  void its_place_is_one_that_is_allowed() {
    assertThat(place("/etc").status()).isEqualTo(400);
    assertThat(place(directory.resolve("lake/../data") + "/x").status()).isEqualTo(400);
    assertThat(place(directory.resolve("data/warehouse/default/1/x").toString()).status())
        .isEqualTo(400);
    assertThat(place(directory.resolve("lakes/x").toString()).status()).isEqualTo(400);
    assertThat(place(directory.resolve("lake/x").toString()).status()).isEqualTo(200);
  }

  private Answer place(String location) {
    return door.send(
        "POST",
        all,
        "{\"name\":\"p\",\"format\":\"csv\",\"base-location\":\"" + location + "\"}",
        null);
  }

  @Test
  void grants_on_it_hold() {
    door.send("POST", all, delta, null);
    String user = "u_" + database;
    sql.execute("CREATE USER " + user + " PASSWORD 'correct horse battery'");
    sql.execute("CREATE TABLE other (id INTEGER)");
    sql.execute("GRANT SELECT ON other TO USER " + user);
    try (PolderClient their =
        LocalServers.session(server, user, "correct horse battery", database)) {
      String token = TwoServers.text(their.execute("CREATE TOKEN mine"), "token");
      IcebergRequests theirs = new IcebergRequests(server.endpoints().http(), token);
      assertThat(theirs.get(all + "/d").status()).isEqualTo(404);
      assertThat(theirs.get(all).names()).isEmpty();
      sql.execute("GRANT SELECT ON d TO USER " + user);
      assertThat(theirs.get(all + "/d").status()).isEqualTo(200);
      assertThat(theirs.get(all).names()).containsExactly("d");
      assertThat(theirs.send("DELETE", all + "/d", "", null).status()).isEqualTo(403);
      assertThat(theirs.send("POST", all, named("n"), null).status()).isEqualTo(403);
      sql.execute("GRANT DROP ON d TO USER " + user);
      assertThat(theirs.send("DELETE", all + "/d", "", null).status()).isEqualTo(204);
    }
  }

  @Test
  void clones_and_backups_and_materialized_clones_carry_it() {
    Answer made = door.send("POST", all, delta, null);
    sql.execute("CLONE DATABASE " + database + "_c FROM " + database);
    assertThat(door.get(in(database + "_c") + "/d").body()).isEqualTo(made.body());
    sql.execute("ALTER DATABASE " + database + "_c MATERIALIZE");
    door.send("DELETE", all + "/d", "", null);
    assertThat(door.get(in(database + "_c") + "/d").body()).isEqualTo(made.body());
    sql.execute("BACKUP DATABASE " + database + "_c TO '" + database + "'");
    sql.execute("RESTORE DATABASE " + database + "_r FROM '" + database + "'");
    assertThat(door.get(in(database + "_r") + "/d").body()).isEqualTo(made.body());
  }

  @Test
  void a_clone_as_of_a_time_before_it_was_dropped_has_it_and_a_later_one_has_not() {
    Answer made = door.send("POST", all, delta, null);
    String then = LocalServers.value(sql, "SELECT epoch_ms(now()) + 1");
    door.send("DELETE", all + "/d", "", null);
    sql.execute(
        "CLONE DATABASE " + database + "_then FROM " + database + " AS OF SYSTEM TIME " + then);
    sql.execute("CLONE DATABASE " + database + "_now FROM " + database);
    assertThat(door.get(in(database + "_then") + "/d").body()).isEqualTo(made.body());
    assertThat(door.get(in(database + "_then")).names()).containsExactly("d");
    assertThat(door.get(in(database + "_now") + "/d").status()).isEqualTo(404);
    assertThatThrownBy(() -> sql.execute("SELECT * FROM d AS OF SYSTEM TIME " + then))
        .hasMessageContaining("is a generic table");
  }

  @Test
  void it_moves_with_its_tenant_and_is_dropped_there() {
    String tenant = "t" + database;
    sql.execute("CREATE TENANT " + tenant);
    sql.execute("CREATE DATABASE " + database + "_one FOR TENANT " + tenant);
    sql.execute("CREATE DATABASE " + database + "_two");
    String one = in(tenant + "@" + database + "_one");
    Answer made = door.send("POST", one, delta, IcebergRequests.key());
    assertThat(made.status()).isEqualTo(200);
    sql.execute("MOVE TENANT " + tenant + " FROM " + database + "_one TO " + database + "_two");
    String two = in(tenant + "@" + database + "_two");
    assertThat(door.get(two + "/d").body()).isEqualTo(made.body());
    assertThat(door.get(two).names()).containsExactly("d");
    assertThat(door.get(one + "/d").status()).isEqualTo(404);
    assertThat(door.send("DELETE", two + "/d", "", null).status()).isEqualTo(204);
    assertThat(door.get(two).names()).isEmpty();
  }

  @Test
  void a_mirror_of_the_server_follows_it_and_refuses_changes() {
    Answer made = door.send("POST", all, delta, null);
    sql.execute("MIRROR DATABASE " + database + "_m FROM " + database);
    String mirrored = in(database + "_m");
    assertThat(door.get(mirrored + "/d").body()).isEqualTo(made.body());
    assertThat(door.send("DELETE", mirrored + "/d", "", null).status()).isEqualTo(403);
    assertThat(door.send("POST", mirrored, named("other"), null).status()).isEqualTo(403);
    Answer later = door.send("POST", all, named("later"), null);
    door.send("DELETE", all + "/d", "", null);
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .untilAsserted(() -> assertThat(door.get(mirrored).names()).containsExactly("later"));
    assertThat(door.get(mirrored + "/later").body()).isEqualTo(later.body());
  }

  @Test
  void a_mirror_on_another_server_follows_it(@TempDir Path apart) throws IOException {
    try (TwoServers servers = new TwoServers(apart)) {
      IcebergRequests there = door(servers.there, servers.token);
      String source = "/polaris/v1/" + there.prefix("prod") + "/namespaces/main/generic-tables";
      String described =
          "{\"name\":\"g\",\"format\":\"csv\",\"doc\":\"a\",\"properties\":{\"k\":\"v\"}}";
      Answer made = there.send("POST", source, described, null);
      assertThat(made.status()).isEqualTo(200);
      servers.follow();
      String token = TwoServers.text(servers.mirror.execute("CREATE TOKEN generic"), "token");
      IcebergRequests here = door(servers.here, token);
      String mirrored = "/polaris/v1/" + here.prefix("copy") + "/namespaces/main/generic-tables";
      assertThat(here.get(mirrored + "/g").body()).isEqualTo(made.body());
      assertThat(here.send("DELETE", mirrored + "/g", "", null).status()).isEqualTo(403);
      Answer later = there.send("POST", source, named("later"), null);
      there.send("DELETE", source + "/g", "", null);
      Awaitility.await()
          .atMost(TwoServers.LONG)
          .untilAsserted(() -> assertThat(here.get(mirrored).names()).containsExactly("later"));
      assertThat(here.get(mirrored + "/later").body()).isEqualTo(later.body());
      servers.mirror.execute("ALTER DATABASE copy PROMOTE");
      assertThat(here.send("DELETE", mirrored + "/later", "", null).status()).isEqualTo(204);
    }
  }

  private static IcebergRequests door(RunningServer server, String token) {
    return new IcebergRequests(server.endpoints().http(), token);
  }
}
