package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.client.PolderClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A synchronous mirror of a database that two servers on one PostgreSQL metastore write to. */
final class SharedSourceMirrorTest {
  @TempDir Path directory;

  @Test
  void a_commit_waits_for_a_mirror_that_asks_another_server() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        RunningServer east = LocalServers.sharing(postgres, directory, "east", Map.of());
        RunningServer west = LocalServers.sharing(postgres, directory, "west", Map.of());
        RunningServer here = LocalServers.start(directory.resolve("here"), Map.of());
        CuttableProxy network = new CuttableProxy(east.endpoints().http().getPort());
        PolderClient writer = LocalServers.admin(west);
        PolderClient mirror = LocalServers.admin(here)) {
      writer.execute("CREATE DATABASE prod");
      writer.execute("USE prod");
      writer.execute("CREATE TABLE orders AS SELECT 1 AS id");
      String token = TwoServers.text(writer.execute("CREATE TOKEN mirrors"), "token");
      mirror.execute(
          "CREATE CLUSTER us WITH (url = '" + network.url() + "', token = '" + token + "')");
      mirror.execute("MIRROR DATABASE copy FROM us.prod MODE = sync WITH (sync_timeout = '30s')");
      Awaitility.await()
          .atMost(TwoServers.LONG)
          .ignoreExceptions()
          .untilAsserted(() ->
              assertThat(
                      TwoServers.text(
                          writer.execute("SHOW DATABASE MIRROR STATUS FOR prod"), "status"))
                  .isEqualTo("following"));
      for (int i = 2; i <= 10; i++) {
        writer.execute("INSERT INTO orders VALUES (" + i + ")");
      }
      network.cut();
      mirror.execute("ALTER DATABASE copy PROMOTE");
      mirror.execute("USE copy");
      assertThat(LocalServers.value(mirror, "SELECT sum(id) FROM orders")).isEqualTo("55");
    }
  }
}
