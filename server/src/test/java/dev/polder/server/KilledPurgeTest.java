package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.IcebergRequests.Answer;
import dev.polder.server.client.PolderClient;
import dev.polder.server.suite.ServerChild;
import dev.polder.server.suite.Stopped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed before each step of a purge; the next one brings it to its end. */
final class KilledPurgeTest {
  /** Methods that steps begin with, and the last one that it ends with. */
  private enum Step {
    END_THE_STATES("dev.polder.metastore.collect.PurgeStore", "purge"),
    CONDEMN("dev.polder.metastore.collect.PurgeStore", "candidates"),
    DELETE("dev.polder.metastore.collect.CollectStore", "deleted"),
    TELL("dev.polder.metastore.collect.PurgeStore", "progress");

    private final String type;
    private final String method;

    Step(String type, String method) {
      this.type = type;
      this.method = method;
    }
  }

  @TempDir Path directory;

  @Test
  void aPurgeGoesOnFromWhicheverStepTheServerDiedIn() throws Exception {
    Path data = directory.resolve("data");
    ServerChild server = Stopped.start(data);
    try {
      String token = prepare(server);
      for (Step step : Step.values()) {
        IcebergRequests door = new IcebergRequests(server.url(), token);
        String table = "/v1/" + door.prefix("lake") + "/namespaces/main/tables/" + name(step);
        Path location = Path.of(door.get(table).body().path("metadata").path("location").asText());
        assertThat(files(location)).isPositive();
        Thread[] client = new Thread[1];
        Stopped.at(
            data,
            step.type,
            step.method,
            argument -> true,
            () -> client[0] = Thread.startVirtualThread(() -> drop(door, table)));
        server.kill();
        client[0].join();
        server = Stopped.start(data);
        IcebergRequests after = new IcebergRequests(server.url(), token);
        String tasks = "/polaris/v1/" + after.prefix("lake") + "/tasks";
        Awaitility.await("the purge killed at " + step)
            .atMost(Duration.ofMinutes(2))
            .until(() -> state(after.get(tasks), name(step)).equals("succeeded"));
        assertThat(files(location)).as("files after the kill at " + step).isZero();
        try (PolderClient admin = server.client()) {
          admin.openSession();
          admin.execute("USE lake");
          assertThat(LocalServers.value(admin, "SELECT sum(n) FROM kept")).isEqualTo("45");
        }
      }
    } finally {
      server.close();
    }
  }

  private static void drop(IcebergRequests door, String table) {
    try {
      var _ = door.send("DELETE", table + "?purgeRequested=true", "", null);
    } catch (UncheckedIOException killed) {
      assertThat(killed).isNotNull();
    }
  }

  private static String state(Answer tasks, String table) {
    for (JsonNode task : tasks.body().path("tasks")) {
      if (task.path("subject").asText().equals("main." + table)) {
        return task.path("state").asText();
      }
    }
    return "none";
  }

  private static String prepare(ServerChild server) {
    try (PolderClient admin = server.client()) {
      admin.openSession();
      admin.execute("CREATE DATABASE lake");
      admin.execute("USE lake");
      admin.execute("CREATE TABLE kept AS SELECT i AS n FROM range(10) r(i)");
      for (Step step : Step.values()) {
        admin.execute("CREATE TABLE " + name(step) + " AS SELECT i AS n FROM range(10) r(i)");
        admin.execute("INSERT INTO " + name(step) + " VALUES (1)");
      }
      return TwoServers.text(admin.execute("CREATE TOKEN purges"), "token");
    }
  }

  private static String name(Step step) {
    return "t_" + step.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static long files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
