package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.server.client.PolderClient;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One data directory, two processes. */
class DataDirectoryLockTest {
  @TempDir Path data;

  @Test
  void anotherProcessIsRefusedWhileAServerUsesTheDirectory() throws Exception {
    try (RunningServer server = LocalServers.start(data, Map.of());
        PolderClient client = LocalServers.admin(server)) {
      Process second = ServerChild.start(data);
      try {
        assertThat(ServerChild.verdict(second)).startsWith("METASTORE_IN_USE ");
        assertThat(second.waitFor()).isZero();
      } finally {
        second.destroyForcibly();
      }
      assertThat(LocalServers.value(client, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void killingTheServerFreesItsDirectory() throws Exception {
    Process first = ServerChild.start(data);
    try {
      assertThat(ServerChild.verdict(first)).startsWith("ready ");
      PolderException refused =
          catchThrowableOfType(
              PolderException.class, () -> LocalServers.start(data, Map.of()).close());
      assertThat(refused.code()).isEqualTo(ErrorCode.METASTORE_IN_USE);
      assertThat(refused).hasMessageContaining(data.toString());
    } finally {
      first.destroyForcibly().waitFor();
    }
    try (RunningServer server = LocalServers.start(data, Map.of());
        PolderClient client = LocalServers.admin(server)) {
      assertThat(LocalServers.value(client, "SELECT 1")).isEqualTo("1");
    }
  }
}
