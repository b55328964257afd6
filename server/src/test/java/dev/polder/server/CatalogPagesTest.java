package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.client.PolderClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pages of lists while names come and go between them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CatalogPagesTest {
  private static final int STAYING = 23;

  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient sql;
  private IcebergRequests door;
  private String prefix;

  @BeforeAll
  void start() {
    server = LocalServers.start(directory.resolve("data"), Map.of());
    sql = LocalServers.admin(server);
    sql.execute("CREATE DATABASE lake");
    door =
        new IcebergRequests(
            server.endpoints().http(), TwoServers.text(sql.execute("CREATE TOKEN it"), "token"));
    prefix = door.prefix("lake");
  }

  @AfterAll
  void stop() {
    sql.close();
    server.close();
  }

  private List<String> pages(String path, String list, String name) {
    List<String> all = new ArrayList<>();
    String token = "";
    do {
      JsonNode page = door.get(path + "?pageSize=4&pageToken=" + token).body();
      assertThat(page.path(list).size()).isLessThanOrEqualTo(4);
      for (JsonNode one : page.path(list)) {
        all.add(one.isArray() ? one.get(0).asText() : one.path(name).asText());
      }
      token = page.path("next-page-token").asText("");
    } while (!token.isEmpty());
    return all;
  }

  /** What stays is on one page, whatever comes and goes. */
  private void steady(String path, String list, String create, String drop) {
    List<String> staying = IntStream.range(0, STAYING).mapToObj(i -> "s%02d".formatted(i)).toList();
    staying.forEach(name ->
        assertThat(door.send("POST", path, create.formatted(name), null).status()).isEqualTo(200));
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> changes =
          thread.submit(() -> {
            for (int i = 0; !done.get(); i++) {
              String name = "s%02dx".formatted(i % STAYING);
              door.send("POST", path, create.formatted(name), null);
              door.send("DELETE", path + "/" + drop.formatted(name), "", null);
            }
          });
      for (int i = 0; i < 10; i++) {
        List<String> seen = pages(path, list, "name");
        assertThat(seen).doesNotHaveDuplicates().isSorted();
        assertThat(seen.stream().filter(staying::contains).toList()).isEqualTo(staying);
      }
      done.set(true);
      assertThat(changes).succeedsWithin(Duration.ofSeconds(30));
    }
    JsonNode all = door.get(path).body();
    assertThat(all.path(list).size()).as("all at once").isGreaterThanOrEqualTo(STAYING);
    assertThat(all.has("next-page-token")).isFalse();
  }

  @Test
  void tables_page() {
    steady("/v1/" + prefix + "/namespaces/main/tables", "identifiers", IcebergRequests.TABLE, "%s");
  }

  @Test
  void generic_tables_page() {
    door.send("POST", "/v1/" + prefix + "/namespaces", "{\"namespace\":[\"g\"]}", null);
    steady(
        "/polaris/v1/" + prefix + "/namespaces/g/generic-tables",
        "identifiers",
        "{\"name\":\"%s\",\"format\":\"csv\"}",
        "%s");
  }

  @Test
  void views_page() {
    door.send("POST", "/v1/" + prefix + "/namespaces", "{\"namespace\":[\"v\"]}", null);
    steady(
        "/v1/" + prefix + "/namespaces/v/views",
        "identifiers",
        "{\"name\":\"%s\",\"schema\":{\"type\":\"struct\",\"schema-id\":0,\"fields\":[{\"id\":1,"
            + "\"name\":\"id\",\"required\":false,\"type\":\"long\"}]},\"view-version\":{"
            + "\"version-id\":1,\"timestamp-ms\":1,\"schema-id\":0,\"summary\":{},"
            + "\"default-namespace\":[\"v\"],\"representations\":[{\"type\":\"sql\",\"sql\":"
            + "\"SELECT 1 AS id\",\"dialect\":\"duckdb\"}]},\"properties\":{}}",
        "%s");
  }

  @Test
  void namespaces_page() {
    steady("/v1/" + prefix + "/namespaces", "namespaces", "{\"namespace\":[\"%s\"]}", "%s");
  }

  @Test
  void tasks_page() {
    String tables = "/v1/" + prefix + "/namespaces/main/tables";
    for (int i = 0; i < 9; i++) {
      door.send("POST", tables, IcebergRequests.TABLE.formatted("p" + i), null);
      door.send("DELETE", tables + "/p" + i + "?purgeRequested=true", "", null);
    }
    assertThat(pages("/polaris/v1/" + prefix + "/tasks", "tasks", "subject"))
        .containsExactlyElementsOf(IntStream.range(0, 9).mapToObj(i -> "main.p" + i).toList());
  }
}
