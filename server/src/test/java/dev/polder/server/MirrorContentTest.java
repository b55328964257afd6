package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.Secret;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import dev.polder.server.client.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mirror on another server holds, and who may see it. */
final class MirrorContentTest {
  @TempDir Path directory;
  private TwoServers servers;
  private PolderClient source;
  private PolderClient mirror;

  @BeforeEach
  void start() {
    servers = new TwoServers(directory);
    source = servers.source;
    mirror = servers.mirror;
  }

  @AfterEach
  void stop() throws IOException {
    servers.close();
  }

  private static PolderClient tenant(RunningServer server, String database, String tenant) {
    PolderClient client =
        new PolderClient(
            new Target(server.endpoints().http(), database, tenant),
            new Credentials.UserPassword("admin", Secret.of(LocalServers.ADMIN_PASSWORD)));
    client.login();
    client.openSession();
    return client;
  }

  @Test
  void rows_that_are_marked_as_deleted_are_gone_in_a_mirror_too() {
    for (String version : List.of("2", "3")) {
      source.execute(
          "CREATE TABLE marked"
              + version
              + " (id INTEGER, note VARCHAR) WITH ('format-version' = '"
              + version
              + "', 'write.delete.mode' = 'merge-on-read', 'write.update.mode' = 'merge-on-read')");
      source.execute(
          "INSERT INTO marked" + version + " SELECT range, 'n' || range FROM range(1000)");
      source.execute("DELETE FROM marked" + version + " WHERE id % 10 = 0");
    }
    servers.follow();
    for (String version : List.of("2", "3")) {
      source.execute("DELETE FROM marked" + version + " WHERE id % 10 = 1");
      source.execute("UPDATE marked" + version + " SET note = 'changed' WHERE id % 10 = 2");
    }
    for (String version : List.of("2", "3")) {
      servers.awaitValue(
          "SELECT count(*) FROM marked" + version + " WHERE note = 'changed'", "100");
      String sum = "SELECT sum(id) || '/' || count(*) FROM marked" + version;
      assertThat(LocalServers.value(mirror, sum)).isEqualTo(LocalServers.value(source, sum));
    }
    servers.network.cut();
    mirror.execute("ALTER DATABASE copy PROMOTE");
    mirror.execute("DELETE FROM marked3 WHERE id % 10 = 3");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM marked3")).isEqualTo("700");
  }

  @Test
  void a_source_of_many_tables_is_taken_over_page_by_page() {
    source.execute("BEGIN");
    for (int i = 0; i < 270; i++) {
      source.execute("CREATE TABLE many" + i + " (id INTEGER)");
    }
    source.execute("COMMIT");
    servers.follow();
    for (PolderClient client : List.of(source, mirror)) {
      assertThat(client.execute("SHOW TABLES").rows()).hasSize(271);
    }
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM many269")).isEqualTo("0");
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("100");
  }

  @Test
  void every_tenants_space_is_in_the_mirror_and_stays_its_own() {
    source.execute("CREATE TENANT acme");
    source.execute("CREATE DATABASE home FOR TENANT acme");
    try (PolderClient acme = tenant(servers.there, "home", "acme")) {
      acme.execute("CREATE TABLE orders AS SELECT 7 AS id");
    }
    servers.follow();
    source.execute("MOVE TENANT acme FROM home TO prod");
    source.execute("INSERT INTO orders VALUES (1000, 1)");
    try (PolderClient acme = tenant(servers.there, "prod", "acme")) {
      acme.execute("INSERT INTO orders VALUES (8)");
    }
    servers.awaitValue("SELECT count(*) FROM orders", "101");
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .ignoreExceptions()
        .untilAsserted(() -> {
          try (PolderClient acme = tenant(servers.here, "copy", "acme")) {
            assertThat(LocalServers.value(acme, "SELECT sum(id) FROM orders")).isEqualTo("15");
          }
        });
    assertThat(LocalServers.value(mirror, "SELECT max(id) FROM orders")).isEqualTo("1000");
  }

  @Test
  void a_filter_and_a_mask_for_a_role_hold_in_the_mirror() {
    for (PolderClient client : List.of(source, mirror)) {
      client.execute("CREATE ROLE clerks");
      client.execute("CREATE USER bob PASSWORD 'a long password'");
      client.execute("GRANT ROLE clerks TO USER bob");
    }
    source.execute("GRANT SELECT ON orders TO ROLE clerks");
    source.execute("CREATE ROW FILTER few ON orders FOR ROLE clerks USING (id < 5)");
    source.execute("CREATE COLUMN MASK none ON orders (amount) FOR ROLE clerks USING (-1)");
    servers.follow();
    assertThat(LocalServers.value(mirror, "SELECT sum(amount) FROM orders")).isEqualTo("1000");
    try (PolderClient bob = LocalServers.session(servers.here, "bob", "a long password", "copy")) {
      assertThat(LocalServers.value(bob, "SELECT count(*) FROM orders")).isEqualTo("5");
      assertThat(LocalServers.value(bob, "SELECT sum(amount) FROM orders")).isEqualTo("-5");
      source.execute("CREATE OR REPLACE ROW FILTER few ON orders FOR ROLE clerks USING (id < 2)");
      Awaitility.await()
          .atMost(TwoServers.LONG)
          .untilAsserted(() ->
              assertThat(LocalServers.value(bob, "SELECT count(*) FROM orders")).isEqualTo("2"));
      source.execute("REVOKE SELECT ON orders FROM ROLE clerks");
      Awaitility.await()
          .atMost(TwoServers.LONG)
          .untilAsserted(
              () -> TwoServers.refused("ACCESS_DENIED", () -> bob.execute("SELECT * FROM orders")));
    }
  }

  @Test
  void a_mirror_that_may_not_grow_any_more_stays_where_it_is_until_it_may() {
    mirror.execute("MIRROR DATABASE copy FROM us.prod");
    servers.awaitStatus("following");
    mirror.execute("USE copy");
    mirror.execute("ALTER DATABASE copy SET QUOTA (max_storage_bytes = 30000)");
    source.execute("CREATE TABLE big AS SELECT md5(range::VARCHAR) AS a FROM range(100000)");
    source.execute("INSERT INTO orders VALUES (1000, 1)");
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .untilAsserted(
            () -> assertThat(servers.status("error")).contains("STORAGE_QUOTA_EXCEEDED"));
    assertThat(LocalServers.value(mirror, "SELECT count(*) FROM orders")).isEqualTo("100");
    mirror.execute("ALTER DATABASE copy SET QUOTA (max_storage_bytes = 100000000)");
    servers.awaitValue("SELECT count(*) FROM big", "100000");
    servers.awaitValue("SELECT count(*) FROM orders", "101");
  }

  @Test
  void a_mirror_over_https_trusts_the_certificates_that_it_was_given() {
    Path certificate = directory.resolve("safe/tls/polder.crt");
    Credentials admin =
        new Credentials.UserPassword("admin", Secret.of(LocalServers.ADMIN_PASSWORD));
    try (RunningServer safe =
            LocalServers.start(directory.resolve("safe"), Map.of("POLDER_HTTP_TLS_MODE", "on"));
        PolderClient client =
            new PolderClient(
                new Target(safe.endpoints().http(), null, null),
                admin,
                new Trust.Certificates(certificate, false));
        RunningServer trusting =
            LocalServers.start(
                directory.resolve("trusting"),
                Map.of("POLDER_MIRROR_CERTIFICATES", certificate.toString()));
        PolderClient follower = LocalServers.admin(trusting)) {
      client.login();
      client.openSession();
      client.execute("CREATE DATABASE prod");
      client.execute("USE prod");
      client.execute("CREATE TABLE t AS SELECT 42 AS a");
      String token = TwoServers.text(client.execute("CREATE TOKEN mirrors"), "token");
      for (PolderClient one : List.of(mirror, follower)) {
        one.execute(
            "CREATE CLUSTER safe WITH (url = '"
                + safe.endpoints().http()
                + "', token = '"
                + token
                + "')");
        one.execute("MIRROR DATABASE copy FROM safe.prod MODE = sync");
      }
      Awaitility.await()
          .atMost(TwoServers.LONG)
          .ignoreExceptions()
          .untilAsserted(() -> {
            follower.execute("USE copy");
            assertThat(LocalServers.value(follower, "SELECT a FROM t")).isEqualTo("42");
          });
      Awaitility.await()
          .atMost(TwoServers.LONG)
          .untilAsserted(
              () -> assertThat(servers.status("error")).contains("CLUSTER_UNREACHABLE", "PKIX"));
      assertThat(servers.status("last_applied")).isEqualTo("-1");
    }
  }
}
