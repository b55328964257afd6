package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.client.PolderClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Iceberg's own compatibility kit for REST catalogs, in a process of its own. It names files that
 * are nowhere and sets properties that let engines delete, so the server allows both.
 */
final class IcebergCompatibilityTest {
  private static final Path CLASS_PATH = Path.of("..", "rck", "target", "classpath");
  private static final Pattern COUNT =
      Pattern.compile("\\[\\s*(\\d+) tests (found|successful|failed|aborted|skipped)\\s*]");

  @TempDir Path directory;

  @Test
  void the_kit_passes_on_sqlite() throws Exception {
    run(Map.of());
  }

  @Test
  void the_kit_passes_on_postgresql() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      run(
          Map.of(
              "POLDER_METASTORE_URL",
              postgres.getJdbcUrl("postgres", "postgres"),
              "POLDER_METASTORE_USER",
              "postgres",
              "POLDER_METASTORE_PASSWORD",
              "postgres"));
    }
  }

  private void run(Map<String, String> metastore) throws Exception {
    Map<String, String> settings = new HashMap<>(metastore);
    settings.put(
        "POLDER_ICEBERG_EXTERNAL_LOCATIONS",
        "/path/to,file:/tmp,file:" + directory.resolve("elsewhere"));
    settings.put("POLDER_ICEBERG_ENGINE_GC", "true");
    try (RunningServer server = LocalServers.start(directory.resolve("data"), settings);
        PolderClient admin = LocalServers.admin(server)) {
      admin.execute("CREATE DATABASE kit");
      Map<String, Integer> counts =
          kit(
              server.endpoints().http() + "/api/catalog",
              credential(server, admin),
              directory.resolve("kit.log"));
      assertThat(counts.get("failed")).as("failures, in %s", report()).isZero();
      // The others are aborted or skipped by the kit's own assumptions.
      assertThat(counts.get("successful")).isEqualTo(145);
    }
  }

  /** As a catalog's administrator gives one to an engine. */
  private static String credential(RunningServer server, PolderClient admin) {
    String token = TwoServers.text(admin.execute("CREATE TOKEN management"), "token");
    try (HttpClient http = HttpClient.newHttpClient()) {
      JsonNode made =
          new ManagementClient(http, server.endpoints().http(), token, "")
              .post("/principals", "{'principal':{'name':'kit'}}")
              .is(201)
              .body()
              .path("credentials");
      admin.execute("GRANT DATABASE_OWNER ON DATABASE kit TO USER kit");
      return made.path("clientId").asText() + ":" + made.path("clientSecret").asText();
    }
  }

  private String report() throws Exception {
    return Files.readString(directory.resolve("kit.log"));
  }

  private Map<String, Integer> kit(String uri, String credential, Path log) throws Exception {
    Path temporary = Files.createDirectories(directory.resolve("elsewhere"));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-Djava.io.tmpdir=" + temporary,
                    "-Duri=" + uri,
                    "-Dwarehouse=kit",
                    "-Dcredential=" + credential,
                    "-Dscope=PRINCIPAL_ROLE:ALL",
                    "-Drck.requires-namespace-create=true",
                    "-Drck.overrides-requested-location=true",
                    "-cp",
                    Files.readString(CLASS_PATH, StandardCharsets.UTF_8).strip(),
                    "org.junit.platform.console.ConsoleLauncher",
                    "execute",
                    "--select-class",
                    "org.apache.iceberg.rest.RESTCompatibilityKitSuite",
                    "--config",
                    "rck.local=false",
                    "--disable-banner",
                    "--disable-ansi-colors",
                    "--details=tree"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("the kit came to its end").isTrue();
    } finally {
      process.destroyForcibly();
    }
    Map<String, Integer> counts = new HashMap<>();
    Matcher matcher = COUNT.matcher(Files.readString(log));
    while (matcher.find()) {
      counts.put(matcher.group(2), Integer.valueOf(matcher.group(1)));
    }
    return counts;
  }
}
