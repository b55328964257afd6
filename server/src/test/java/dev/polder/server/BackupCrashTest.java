package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.Secret;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a whole server in the middle of a backup and of a restore. */
final class BackupCrashTest {
  private static final int FILES = 8;
  private static final String SUM = "SELECT count(*) || ' ' || sum(id) FROM t";

  @TempDir Path data;
  private String expected = "";

  @BeforeEach
  void fill() {
    try (RunningServer server = LocalServers.start(data, Map.of());
        PolderClient admin = LocalServers.admin(server)) {
      admin.execute("CREATE DATABASE prod");
      admin.execute("USE DATABASE prod");
      admin.execute("CREATE TABLE t (id BIGINT, noise DOUBLE)");
      for (int i = 0; i < FILES; i++) {
        admin.execute("INSERT INTO t SELECT range, random() FROM range(1000000)");
      }
      expected = LocalServers.value(admin, SUM);
    }
  }

  @Test
  void aBackupThatWasKilledIsNoneAndCanBeMadeAgain() throws Exception {
    killDuring("BACKUP DATABASE prod TO 'b'", data.resolve("backups"), 3);
    try (RunningServer server = LocalServers.start(data, Map.of());
        PolderClient admin = LocalServers.admin(server)) {
      assertThatThrownBy(() -> admin.execute("RESTORE DATABASE r FROM 'b'"))
          .hasMessageContaining("no complete backup");
      assertThat(admin.execute("SHOW BACKUPS").rows()).isEmpty();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(admin.execute("SHOW JOBS").rows().toString())
                  .contains("the server ended before the backup did"));
      admin.execute("BACKUP DATABASE prod TO 'b'");
      admin.execute("RESTORE DATABASE r FROM 'b'");
      admin.execute("USE DATABASE r");
      assertThat(LocalServers.value(admin, SUM)).isEqualTo(expected);
    }
  }

  @Test
  void aRestoreThatWasKilledMadeNothing() throws Exception {
    try (RunningServer server = LocalServers.start(data, Map.of());
        PolderClient admin = LocalServers.admin(server)) {
      admin.execute("BACKUP DATABASE prod TO 'b'");
    }
    killDuring("RESTORE DATABASE r FROM 'b'", data.resolve("warehouse/default/1025"), 3);
    killDuring("RESTORE DATABASE prod FROM 'b' FORCE", data.resolve("warehouse"), 1);
    try (RunningServer server = LocalServers.start(data, Map.of());
        PolderClient admin = LocalServers.admin(server)) {
      assertThatThrownBy(() -> admin.execute("USE DATABASE r"))
          .hasMessageContaining("does not exist");
      admin.execute("USE DATABASE prod");
      assertThat(LocalServers.value(admin, SUM)).isEqualTo(expected);
      admin.execute("RESTORE DATABASE r FROM 'b'");
      admin.execute("USE DATABASE r");
      assertThat(LocalServers.value(admin, SUM)).isEqualTo(expected);
    }
  }

  /** Runs a statement in a server of its own, and kills that once so many files have come. */
  private void killDuring(String statement, Path directory, int more) throws Exception {
    Process child = ServerChild.start(data);
    try {
      String http = ServerChild.verdict(child).substring("ready ".length());
      long before = files(directory);
      Thread running =
          Thread.startVirtualThread(() -> {
            try (PolderClient admin =
                new PolderClient(
                    new Target(URI.create(http), null, null),
                    new Credentials.UserPassword(
                        "admin", Secret.of(LocalServers.ADMIN_PASSWORD)))) {
              admin.login();
              admin.openSession();
              assertThatThrownBy(() -> admin.execute(statement)).isNotNull();
            }
          });
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .atMost(Duration.ofSeconds(60))
          .until(() -> files(directory) >= before + more);
      child.destroyForcibly();
      child.waitFor();
      running.join();
    } finally {
      child.destroyForcibly();
    }
  }

  private static long files(Path directory) {
    if (!Files.exists(directory)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).count();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
