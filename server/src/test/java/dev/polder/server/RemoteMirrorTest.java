package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Mirrors between two servers, with a network between them that can be cut. */
final class RemoteMirrorTest {
  @TempDir Path directory;
  private TwoServers servers;
  private RunningServer there;
  private CuttableProxy network;
  private PolderClient source;
  private PolderClient mirror;
  private String token;

  @BeforeEach
  void start() {
    servers = new TwoServers(directory);
    there = servers.there;
    network = servers.network;
    source = servers.source;
    mirror = servers.mirror;
    token = servers.token;
    source.execute("CREATE DATABASE secret");
    source.execute("USE secret");
    source.execute("CREATE TABLE hidden AS SELECT 1 AS a");
    source.execute("USE prod");
    source.execute("CREATE SCHEMA shop");
    source.execute("CREATE VIEW shop.large AS SELECT * FROM main.orders WHERE id > 50");
  }

  @AfterEach
  void stop() throws IOException {
    servers.close();
  }

  @Test
  void a_mirror_on_another_server_has_every_commit_in_files_of_its_own() throws IOException {
    assertThat(mirror.execute("SHOW CLUSTERS").rows().toString()).doesNotContain(token);
    mirror.execute("MIRROR DATABASE copy FROM us.prod");
    servers.awaitStatus("following");
    mirror.execute("USE copy");
    assertThat(LocalServers.value(mirror, "SELECT sum(amount) FROM orders")).isEqualTo("1000");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM shop.large")).isEqualTo("49");
    source.execute("DELETE FROM orders WHERE id < 10");
    source.execute("INSERT INTO orders VALUES (1000, 1)");
    source.execute("UPDATE orders SET amount = 2 WHERE id = 1000");
    source.execute("CREATE TABLE late AS SELECT 7 AS a");
    source.execute("ALTER TABLE late RENAME TO later");
    servers.awaitValue("SELECT count(*) FROM orders WHERE amount = 2", "1");
    servers.awaitValue("SELECT a FROM later", "7");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("91");
    assertThatThrownBy(() -> mirror.execute("INSERT INTO orders VALUES (1, 1)"))
        .isInstanceOfSatisfying(
            ServerFailure.class,
            failure -> assertThat(failure.code()).isEqualTo("MIRROR_READ_ONLY"));
    assertThatThrownBy(() -> mirror.execute("SELECT * FROM orders CONSISTENCY='strong'"))
        .hasMessageContaining(network.url());
    assertThatThrownBy(() -> mirror.execute("CLONE DATABASE x FROM copy"))
        .isInstanceOfSatisfying(
            ServerFailure.class,
            failure -> assertThat(failure.code()).isEqualTo("CANNOT_CLONE_MIRROR"));
    network.cut();
    try (Stream<Path> files = Files.walk(directory.resolve("here/warehouse"))) {
      assertThat(files.filter(it -> it.toString().endsWith(".parquet"))).hasSizeGreaterThan(2);
    }
    mirror.execute("ALTER DATABASE copy PROMOTE");
    mirror.execute("INSERT INTO orders VALUES (5000, 5)");
    assertThat(LocalServers.value(mirror, "SELECT max(id) FROM orders")).isEqualTo("5000");
    mirror.execute("CLONE DATABASE twin FROM copy");
  }

  @Test
  void a_cut_network_is_seen_and_made_up_for_without_a_gap() {
    mirror.execute("MIRROR DATABASE copy FROM us.prod");
    servers.awaitStatus("following");
    mirror.execute("USE copy");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger("dev.polder.maintenance");
    log.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
    network.cut();
    for (int i = 0; i < 5; i++) {
      source.execute("INSERT INTO orders VALUES (" + (200 + i) + ", 1)");
    }
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("100");
    servers.awaitStatus("disconnected");
    assertThat(servers.status("error")).contains("CLUSTER_UNREACHABLE");
    network.heal();
    servers.awaitValue("SELECT count(*) FROM orders", "105");
    servers.awaitStatus("following");
    assertThat(
            LocalServers.value(
                mirror,
                "SELECT count(*) FROM orders AT (VERSION => "
                    + (Long.parseLong(servers.status("last_applied")) - 2)
                    + ")"))
        .isEqualTo("103");
    logger.detachAppender(log);
    logger.setLevel(null);
    List<String> told =
        log.list.stream()
            .map(ILoggingEvent::getFormattedMessage)
            .filter(line -> line.startsWith("mirror"))
            .toList();
    assertThat(told.getFirst()).contains("cannot follow", "CLUSTER_UNREACHABLE");
    assertThat(told.getLast()).contains("follows again, after");
    List<String> reasons =
        told.stream().map(line -> line.substring(line.indexOf("CLUSTER") + 1)).toList();
    for (int i = 1; i < reasons.size(); i++) {
      assertThat(reasons.get(i)).as("told without news").isNotEqualTo(reasons.get(i - 1));
    }
  }

  @Test
  void a_mirror_goes_on_with_a_token_and_an_address_that_were_replaced() throws IOException {
    mirror.execute("MIRROR DATABASE copy FROM us.prod");
    servers.awaitStatus("following");
    mirror.execute("USE copy");
    QueryResult made = source.execute("CREATE TOKEN next");
    source.execute("REVOKE TOKEN '" + tokenId("mirrors") + "'");
    source.execute("INSERT INTO orders VALUES (200, 1)");
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .untilAsserted(() -> assertThat(servers.status("error")).contains("AUTHENTICATION"));
    mirror.execute("ALTER CLUSTER us SET TOKEN '" + TwoServers.text(made, "token") + "'");
    servers.awaitValue("SELECT count(*) FROM orders", "101");
    assertThat(mirror.execute("SHOW AUDIT").rows().toString())
        .contains("cluster_changed")
        .doesNotContain(TwoServers.text(made, "token"));
    try (CuttableProxy second = new CuttableProxy(there.endpoints().http().getPort())) {
      mirror.execute("ALTER CLUSTER us SET URL '" + second.url() + "'");
      network.cut();
      source.execute("INSERT INTO orders VALUES (201, 1)");
      servers.awaitValue("SELECT count(*) FROM orders", "102");
      assertThat(mirror.execute("SHOW CLUSTERS").rows().toString()).contains(second.url());
      TwoServers.refused(
          "INVALID_PARAMETER",
          () -> mirror.execute("ALTER CLUSTER us SET URL 'https://elsewhere:8181'"));
      TwoServers.refused(
          "CLUSTER_NOT_FOUND", () -> mirror.execute("ALTER CLUSTER eu SET TOKEN 't'"));
      mirror.execute("ALTER DATABASE copy PROMOTE");
    }
  }

  private String tokenId(String name) {
    QueryResult tokens = source.execute("SHOW TOKENS");
    List<String> names = tokens.columns().stream().map(it -> it.name()).toList();
    return tokens.rows().stream()
        .filter(row -> row.get(names.indexOf("name")).asText().equals(name))
        .map(row -> row.get(names.indexOf("id")).asText())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void another_database_that_takes_the_sources_name_is_not_followed() {
    mirror.execute("MIRROR DATABASE copy FROM us.prod");
    servers.awaitStatus("following");
    source.execute("USE secret");
    source.execute("DROP DATABASE prod CASCADE");
    source.execute("CREATE DATABASE prod");
    source.execute("USE prod");
    source.execute("CREATE TABLE orders AS SELECT 1 AS id");
    servers.awaitStatus("disconnected");
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .untilAsserted(() -> assertThat(servers.status("error")).contains("MIRROR_SOURCE_CHANGED"));
    mirror.execute("USE copy");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("100");
    mirror.execute("ALTER DATABASE copy PROMOTE");
    mirror.execute("INSERT INTO orders VALUES (5000, 5)");
  }

  @Test
  void a_mirror_that_is_dropped_while_it_follows_is_followed_no_more() {
    mirror.execute("MIRROR DATABASE copy FROM us.prod");
    servers.awaitStatus("following");
    mirror.execute("DROP DATABASE copy CASCADE");
    source.execute("INSERT INTO orders VALUES (200, 1)");
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .until(() ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(it -> it.getName().matches("polder-mirror-[0-9]+")));
    mirror.execute("MIRROR DATABASE copy FROM us.prod");
    servers.awaitStatus("following");
    mirror.execute("USE copy");
    servers.awaitValue("SELECT count(*) FROM orders", "101");
  }

  @Test
  void only_files_of_the_database_are_given_and_only_to_who_may_mirror() throws Exception {
    Path foreign = anyFile(directory.resolve("there/warehouse"), "");
    String own = directory.resolve("there/metastore.db").toString();
    for (String path :
        List.of(
            own,
            "/etc/passwd",
            directory.resolve("there/warehouse") + "/../metastore.db",
            foreign.getParent() + "/../../../metastore.db",
            hidden().toString())) {
      assertThat(file(token, "prod", path).statusCode()).describedAs(path).isEqualTo(404);
    }
    assertThat(file(token, "secret", hidden().toString()).statusCode()).isEqualTo(200);
    source.execute("CREATE USER eve PASSWORD 'a long password of eve'");
    source.execute("GRANT DATABASE_OWNER ON DATABASE prod TO USER eve");
    String weak = TwoServers.text(source.execute("CREATE TOKEN weak FOR USER eve"), "token");
    assertThat(file(weak, "secret", hidden().toString()).statusCode()).isEqualTo(403);
    assertThat(file(weak, "nowhere", "x").statusCode()).isEqualTo(403);
    for (String url :
        List.of("http://example.com", "ftp://x", "https://u:p@x", "https://x/path", "x")) {
      assertThatThrownBy(
              () -> mirror.execute("CREATE CLUSTER bad WITH (url = '" + url + "', token = 'a')"))
          .isInstanceOfSatisfying(
              ServerFailure.class,
              failure -> assertThat(failure.code()).isEqualTo("INVALID_PARAMETER"));
    }
  }

  /** A data file of the table in the other database. */
  private Path hidden() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("there/warehouse"))) {
      return files
          .filter(
              file -> file.toString().contains("/1025/") && file.toString().endsWith(".parquet"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Path anyFile(Path root, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(suffix))
          .findFirst()
          .orElseThrow();
    }
  }

  private HttpResponse<String> file(String with, String database, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create(
                      there.endpoints().http()
                          + "/api/mirror/file?name="
                          + database
                          + "&offset=0&path="
                          + URLEncoder.encode(path, StandardCharsets.UTF_8)))
              .header("Authorization", "Bearer " + with)
              .build(),
          HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void a_mirrors_server_that_is_killed_goes_on_where_it_was() throws Exception {
    source.execute(
        "CREATE TABLE big AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(300000)");
    Path data = directory.resolve("child");
    Process child = ServerChild.start(data);
    URI http = URI.create(ServerChild.verdict(child).substring("ready ".length()));
    try (PolderClient client = LocalServers.admin(http)) {
      client.execute(
          "CREATE CLUSTER us WITH (url = '" + network.url() + "', token = '" + token + "')");
      client.execute("MIRROR DATABASE copy FROM us.prod");
    }
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .until(() -> Files.exists(data.resolve("warehouse")) && hasFiles(data));
    child.destroyForcibly().waitFor();
    source.execute("INSERT INTO orders VALUES (200, 1)");
    child = ServerChild.start(data);
    http = URI.create(ServerChild.verdict(child).substring("ready ".length()));
    try (PolderClient client = LocalServers.admin(http)) {
      source.execute("INSERT INTO orders VALUES (201, 1)");
      Awaitility.await()
          .atMost(TwoServers.LONG)
          .ignoreExceptions()
          .untilAsserted(() -> {
            client.execute("USE copy");
            assertThat(LocalServers.value(client, "SELECT count(*) FROM orders")).isEqualTo("102");
          });
      assertThat(LocalServers.value(client, "SELECT count(DISTINCT b) FROM big"))
          .isEqualTo("300000");
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private static boolean hasFiles(Path data) {
    try (Stream<Path> files = Files.walk(data.resolve("warehouse"))) {
      return files.anyMatch(Files::isRegularFile);
    } catch (IOException e) {
      return false;
    }
  }
}
