package dev.polder.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of statements that nest too deep, are too long or are no statements, in a process that
 * has to survive them. {@code -Dpolder.hostile.statements=100000 -Dpolder.hostile.seed=7} tries
 * more and others.
 */
final class HostileTextTest {
  @TempDir Path directory;

  @Test
  void noStatementEndsTheProcessOrAnswersWithAnInternalError() throws Exception {
    Path output = directory.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-XX:ErrorFile=" + directory.resolve("crash.log"),
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            HostileTextChild.class.getName(),
            Files.createDirectory(directory.resolve("data")).toString(),
            System.getProperty("polder.hostile.seed", "1"),
            System.getProperty("polder.hostile.from", "0"),
            System.getProperty("polder.hostile.statements", "1000")));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(30, TimeUnit.MINUTES);
    process.destroyForcibly();

    String said = Files.readString(output);
    String last = Files.readString(directory.resolve("data/running"));
    assertThat(ended).as("ended; it ran statement " + last).isTrue();
    assertThat(process.waitFor()).as("statement " + last + "\n" + said).isZero();
    assertThat(said).contains("alive after").doesNotContain("WRONG");
  }
}
