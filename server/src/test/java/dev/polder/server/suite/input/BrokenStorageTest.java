package dev.polder.server.suite.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.suite.ServerChild;
import dev.polder.server.suite.TestServer;
import dev.polder.server.suite.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that are gone, a disk that is full, a metastore that another server holds. */
@SuppressWarnings("try")
final class BrokenStorageTest {
  /** Gives a process a small disk of its own, with and without the rights of root. */
  private static final String SMALL_DISK =
      """
      if unshare -rm true 2>/dev/null; then own="unshare -rm"; else own="unshare -m"; fi
      exec $own sh -c 'disk="$1"; shift; mount -t tmpfs -o size=24m tmpfs "$disk" && exec "$@"' sh "$@"
      """;

  @TempDir Path directory;

  @Test
  void aMissingDataFileIsNamedByItsTableAndNotByItsPath() throws Exception {
    try (TestServer server = TestServer.start(directory);
        TestSession session = server.admin()) {
      session.runAll(
          "CREATE TABLE broken (id INTEGER, v VARCHAR)",
          "CREATE TABLE whole (id INTEGER)",
          "INSERT INTO whole VALUES (1)");
      session.run("INSERT INTO broken SELECT i, 'v' || i FROM range(1000) r(i)");
      Files.delete(largestDataFile());
      PolderException refusal = session.refusal("SELECT sum(id), max(v) FROM broken");
      assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(ErrorCode.DATA_FILE_MISSING);
      assertThat(refusal.getMessage()).contains("broken").doesNotContain(directory.toString());
      assertThat(session.value("SELECT id FROM whole")).isEqualTo("1");
    }
  }

  private Path largestDataFile() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("warehouse"))) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  @Test
  void aSecondServerOnTheSameMetastoreIsRefused() throws Exception {
    try (TestServer server = TestServer.start(directory);
        TestSession session = server.admin()) {
      session.run("CREATE TABLE t (id INTEGER)");
      assertThatThrownBy(() -> TestServer.start(directory))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.METASTORE_IN_USE));
      Process second = ServerChild.launch(directory, List.of(), List.of());
      assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(second.exitValue()).isNotZero();
      assertThat(ServerChild.output(directory)).contains("metastore");
      assertThat(session.run("INSERT INTO t VALUES (1)")).isEqualTo(1);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void onAFullDiskTheCommitFailsAndTheTableStaysAsItWas() throws Exception {
    Path disk = Files.createDirectories(directory.resolve("disk"));
    List<String> onASmallDisk = List.of("sh", "-c", SMALL_DISK, "sh", disk.toString());
    // ports.json lies in the data directory, which must be seen from outside of the small disk.
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.writeString(data.resolve("polder.yaml"), "warehouse:\n  location: " + disk + "\n");
    try (ServerChild server =
            ServerChild.start(data, onASmallDisk, List.of("--config", data + "/polder.yaml"));
        PolderClient client = server.client()) {
      client.execute("CREATE TABLE t (id BIGINT, v VARCHAR)");
      client.execute("INSERT INTO t VALUES (1, 'kept')");
      assertThatThrownBy(() ->
              client.execute(
                  "INSERT INTO t SELECT i, uuid()::VARCHAR || uuid() FROM range(2000000) r(i)"))
          .isInstanceOfSatisfying(
              ServerFailure.class, e -> assertThat(e.code()).isEqualTo("DISK_FULL"));
      assertThat(client.execute("SELECT count(*) FROM t").rows().getFirst().getFirst().asText())
          .isEqualTo("1");
      client.execute("INSERT INTO t VALUES (2, 'there is room again')");
      assertThat(client.execute("SELECT count(*) FROM t").rows().getFirst().getFirst().asText())
          .isEqualTo("2");
    }
  }
}
