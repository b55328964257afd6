package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror on another server whose source purges what the mirror has not copied yet. */
final class PurgedSourceTest {
  @TempDir Path directory;

  @Test
  void a_mirror_that_was_away_while_a_table_came_and_was_purged_gets_the_rest() throws IOException {
    try (TwoServers servers = new TwoServers(directory)) {
      servers.follow();
      servers.network.cut();
      servers.source.execute("CREATE TABLE brief AS SELECT range AS n FROM range(1000)");
      servers.source.execute("INSERT INTO orders VALUES (1000, 1)");
      servers.source.execute("INSERT INTO brief VALUES (1)");
      IcebergRequests door = new IcebergRequests(servers.there.endpoints().http(), servers.token);
      String tables = "/v1/" + door.prefix("prod") + "/namespaces/main/tables";
      Path location =
          Path.of(door.get(tables + "/brief").body().path("metadata").path("location").asText());
      String task =
          door.send("DELETE", tables + "/brief?purgeRequested=true", "", null)
              .headers()
              .firstValue("Location")
              .orElseThrow()
              .replace("/api/catalog", "");
      servers.source.execute("INSERT INTO orders VALUES (1001, 1)");
      Awaitility.await()
          .atMost(TwoServers.LONG)
          .until(
              () -> door.get(task).body().path("task").path("state").asText().equals("succeeded"));
      try (Stream<Path> left = Files.walk(location)) {
        assertThat(left.filter(Files::isRegularFile)).isEmpty();
      }
      servers.network.heal();
      servers.awaitValue("SELECT count(*) FROM orders", "102");
      assertThat(LocalServers.value(servers.mirror, "SHOW TABLES")).isEqualTo("orders");
      servers.awaitStatus("following");
      servers.source.execute("INSERT INTO orders VALUES (1002, 1)");
      servers.awaitValue("SELECT count(*) FROM orders", "103");
    }
  }
}
