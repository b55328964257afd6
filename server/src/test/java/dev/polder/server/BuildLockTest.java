package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several shells that want to build at once. */
class BuildLockTest {
  private static final int SHELLS = 6;
  private static final String SCRIPT =
      """
      set -u
      root=$1
      . "$2"
      polder_lock
      mkdir "$root/inside" || echo "two were inside at once"
      echo "one more" >>"$root/entered"
      rmdir "$root/inside"
      polder_unlock
      """;

  @TempDir Path directory;

  @Test
  void oneAtATimeIsInsideEvenAfterAnOwnerDied() throws Exception {
    Path root = Files.createDirectory(directory.resolve("a tree's root"));
    Path lock = Files.createDirectory(root.resolve(".build-lock"));
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
    List<Process> shells = new ArrayList<>();
    for (int i = 0; i < SHELLS; i++) {
      shells.add(
          new ProcessBuilder(
                  "sh",
                  "-c",
                  SCRIPT,
                  "sh",
                  root.toString(),
                  Path.of("../bin/launcher.sh").toAbsolutePath().toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    for (Process shell : shells) {
      String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said).isEmpty();
      assertThat(shell.waitFor()).isZero();
    }
    assertThat(Files.readAllLines(root.resolve("entered"))).hasSize(SHELLS);
    assertThat(lock).doesNotExist();
  }
}
