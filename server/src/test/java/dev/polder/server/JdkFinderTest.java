package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdkFinderTest {
  @TempDir Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void nothingIsInstalled() throws IOException {
    // The tools that the script needs, without whatever java lies beside them.
    Path tools = Files.createDirectory(directory.resolve("tools"));
    for (String tool : new String[] {"sed", "dirname", "basename", "readlink"}) {
      Path inBin = Path.of("/bin", tool);
      Path found = Files.exists(inBin) ? inBin : Path.of("/usr/bin", tool);
      Files.createSymbolicLink(tools.resolve(tool), found);
    }
    environment.put("PATH", tools.toString());
    environment.put("HOME", Files.createDirectory(directory.resolve("home")).toString());
    environment.put("POLDER_JVM_DIR", Files.createDirectory(directory.resolve("jvm")).toString());
  }

  @Test
  void javaHomeIsTakenWhenItIsNewEnough() throws Exception {
    environment.put("JAVA_HOME", jdk("with space/jdk-25", "25.0.1").toString());
    assertThat(find()).isEqualTo(directory.resolve("with space/jdk-25").toString());
  }

  @Test
  void anOldJavaHomeIsPassedOver() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk-17", "17.0.2").toString());
    jdk("jvm/a", "21");
    jdk("jvm/b", "26");
    Path wanted = jdk("jvm/c", "25.0.3");
    assertThat(find()).isEqualTo(wanted.toString());
  }

  @Test
  void polderJavaHomeCountsBeforeJavaHome() throws Exception {
    environment.put("JAVA_HOME", jdk("one", "25").toString());
    environment.put("POLDER_JAVA_HOME", jdk("two", "26").toString());
    assertThat(find()).endsWith("two");
  }

  @Test
  void aWrongPolderJavaHomeIsAnErrorNotASurprise() throws Exception {
    environment.put("JAVA_HOME", jdk("one", "25").toString());
    environment.put("POLDER_JAVA_HOME", "/nowhere");
    assertThat(find()).contains("POLDER_JAVA_HOME=/nowhere is no JDK 25").endsWith("exit 1");
  }

  @Test
  void theOneOnThePathIsFoundThroughItsLinks() throws Exception {
    Path home = jdk("real", "25.0.1");
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), directory.resolve("alternatives"));
    Files.createSymbolicLink(directory.resolve("alternatives"), home.resolve("bin/java"));
    environment.put("PATH", bin + ":" + environment.get("PATH"));
    assertThat(find()).isEqualTo(home.toRealPath().toString());
  }

  @Test
  void sdkmanAndOwnDirectoriesAreSearched() throws Exception {
    Path own = jdk("home/.jdks/temurin-25", "25");
    assertThat(find()).isEqualTo(own.toString());
  }

  /** Prints the home that was found, or what the script said and its exit code. */
  private String find() throws IOException, InterruptedException {
    Path launcher = Path.of("../bin/launcher.sh").toRealPath();
    String script =
        "root="
            + launcher.getParent().getParent()
            + "; . '"
            + launcher
            + "'; (polder_find_jdk && printf %s \"$java_home\") || printf 'exit %s' $?";
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = directory.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    for (String tool : new String[] {"java", "javac"}) {
      Path file = home.resolve("bin").resolve(tool);
      Files.writeString(file, "#!/bin/sh\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }
}
