package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README prints, run against the demo as it stands there; only ports are others. */
final class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern BLOCK = Pattern.compile("```(\\w*)\n(.*?)```", Pattern.DOTALL);

  @TempDir static Path directory;
  private static Process demo;
  private static String readme;
  private static String password;
  private static String http;
  private static String flight;

  @BeforeAll
  static void start() throws IOException {
    readme = Files.readString(ROOT.resolve("README.md"));
    Files.writeString(directory.resolve("polder"), "#!/bin/sh\nexec " + java() + " \"$@\"\n");
    assertThat(directory.resolve("polder").toFile().setExecutable(true)).isTrue();
    demo = shell("exec ./polder demo", directory.resolve("demo.out"));
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> demoSaid().contains("keeps running") || !demo.isAlive());
    password = found("--user demo --password '([^']*)'");
    http = found("--url http://([0-9.:]+)");
    flight = found("grpc://([0-9.:]+)");
  }

  @AfterAll
  static void stop() {
    demo.destroyForcibly();
  }

  private static String java() {
    return "'"
        + Path.of(System.getProperty("java.home"), "bin", "java")
        + "' -Xmx512m --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
        + " --add-opens=java.base/java.nio=ALL-UNNAMED -Dpolder.home='"
        + ROOT
        + "' -cp '"
        + System.getProperty("java.class.path")
        + "' dev.polder.server.Main";
  }

  private static Process shell(String script, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-e", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(Files.writeString(directory.resolve("input"), "SELECT 1;").toFile())
            .redirectOutput(output.toFile());
    builder.environment().put("POLDER_HTTP_PORT", "0");
    builder.environment().put("POLDER_FLIGHT_PORT", "0");
    return builder.start();
  }

  private static String demoSaid() throws IOException {
    return Files.readString(directory.resolve("demo.out"));
  }

  private static String found(String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(demoSaid());
    assertThat(matcher.find()).as(demoSaid()).isTrue();
    return matcher.group(1);
  }

  /** The first block of a language with a word in it, with this server's password and ports. */
  private static String block(String language, String word) {
    return BLOCK
        .matcher(readme)
        .results()
        .filter(block -> block.group(1).equals(language) && block.group(2).contains(word))
        .map(block -> block.group(2))
        .findFirst()
        .orElseThrow()
        .replace("PASSWORD", password)
        .replace("127.0.0.1:8181", http)
        .replace("127.0.0.1:31337", flight);
  }

  @Test
  void theDemoPrintsWhatTheReadmeShows() throws IOException {
    List<String> shown = block("", "A join:").lines().toList();

    assertThat(shown).isNotEmpty();
    assertThat(demoSaid().lines().toList()).containsAll(shown);
  }

  @Test
  void theShellCommandsConnect() throws Exception {
    Path output = directory.resolve("commands.out");
    Process commands = shell(block("sh", "curl"), output);

    assertThat(commands.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(commands.exitValue()).as(Files.readString(output)).isZero();
    assertThat(Files.readString(output)).contains("\"rowCount\":3").doesNotContain("\"error\"");
  }

  @Test
  void theJdbcUrlConnects() throws SQLException {
    String text = block("java", "jdbc:arrow-flight-sql");
    try (var connection = DriverManager.getConnection(quoted(text, "url = "));
        var statement = connection.prepareStatement(quoted(text, "prepareStatement\\("))) {
      statement.setString(1, "LAX");
      try (ResultSet rows = statement.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isPositive();
      }
    }
  }

  @Test
  void theQuotaStatementsRun() {
    try (LiveServer server = new LiveServer(Map.of())) {
      server.admin("CREATE TENANT acme");
      List<String> statements =
          block("sql", "SET QUOTA").lines().map(line -> line.replaceAll(";.*", "")).toList();
      assertThat(statements).hasSize(4);
      statements.forEach(server::admin);
    }
  }

  @Test
  void aBackupIsMadeAndRestored(@TempDir Path data) throws IOException {
    String statements = block("sql", "BACKUP DATABASE").replaceAll("--.*", "");
    try (RunningServer server = LocalServers.start(data, Map.of());
        PolderClient admin = LocalServers.admin(server)) {
      admin.execute("CREATE DATABASE prod");
      admin.execute("USE DATABASE prod");
      admin.execute("CREATE TABLE t AS SELECT 42 AS answer");
      for (String statement : statements.split(";", -1)) {
        if (!statement.isBlank()) {
          admin.execute(statement.strip());
        }
      }
      admin.execute("USE DATABASE prod_monday");
      assertThat(LocalServers.value(admin, "SELECT answer FROM t")).isEqualTo("42");
    }
  }

  private static String quoted(String text, String before) {
    Matcher matcher = Pattern.compile(before + "\"([^\"]*)\"").matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }
}
