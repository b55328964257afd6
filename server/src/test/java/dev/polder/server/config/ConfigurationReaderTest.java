package dev.polder.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReaderTest {
  private static final Machine MACHINE =
      new Machine(4, ByteSize.parse("20GiB"), ByteSize.parse("1GiB"));

  @TempDir Path directory;

  @Test
  void withoutFileAndEnvironmentEveryKeyHasItsDefault() {
    Configuration configuration =
        ConfigurationReader.read(null, Map.of("PATH", "/bin"), MACHINE).configuration();
    assertThat(configuration.http().host()).isEqualTo("127.0.0.1");
    assertThat(configuration.http().port()).isEqualTo(8181);
    assertThat(configuration.flight().port()).isEqualTo(31337);
    assertThat(configuration.warehouse().location())
        .isEqualTo(Path.of("./polder-data/warehouse").toString());
    assertThat(configuration.metastore().isSqlite()).isTrue();
    assertThat(configuration.engine().memoryLimit()).isEqualTo(ByteSize.parse("11GiB"));
    assertThat(configuration.engine().threads()).isEqualTo(4);
    assertThat(configuration.engine().maxConcurrentStatements()).isEqualTo(16);
    assertThat(configuration.engine().nativeThreads()).isEqualTo(20);
    assertThat(configuration.engine().resultBudget()).isEqualTo(ByteSize.parse("2GiB"));
    assertThat(configuration.engine().statementTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(configuration.apiKey()).isNull();
    assertThat(configuration.admin().password()).isNull();
  }

  @Test
  void theEnvironmentWinsOverTheFile() throws IOException {
    Path file = file("http:\n  port: 9000\n  host: 0.0.0.0\ndata:\n  dir: /srv/p\n");
    EffectiveConfiguration effective =
        ConfigurationReader.read(
            file, Map.of("POLDER_HTTP_PORT", "0", "POLDER_FLIGHT_TLS_MODE", "on"), MACHINE);
    Configuration configuration = effective.configuration();
    assertThat(configuration.http().port()).isZero();
    assertThat(configuration.http().host()).isEqualTo("0.0.0.0");
    assertThat(configuration.http().tls().enabledOn("0.0.0.0")).isTrue();
    assertThat(configuration.http().tls().enabledOn("127.0.0.1")).isFalse();
    assertThat(configuration.flight().tls().mode()).isEqualTo(TlsMode.ON);
    assertThat(configuration.metastore().sqliteFile()).isEqualTo(Path.of("/srv/p/metastore.db"));
    assertThat(effective.entries())
        .contains(
            new EffectiveConfiguration.Entry("http.port", "0", "environment POLDER_HTTP_PORT"),
            new EffectiveConfiguration.Entry("http.host", "0.0.0.0", file + ":3"),
            new EffectiveConfiguration.Entry("flight.port", "31337", "default"));
  }

  @Test
  void secretsAreMaskedWhereverTheConfigurationIsShown() {
    EffectiveConfiguration effective =
        ConfigurationReader.read(
            null,
            Map.of("POLDER_ADMIN_PASSWORD", "hunter2hunter2", "POLDER_API_KEY", "k".repeat(20)),
            MACHINE);
    assertThat(effective.entries().toString()).contains("***").doesNotContain("hunter2", "kkkk");
    assertThat(effective.configuration().toString()).doesNotContain("hunter2", "kkkk");
  }

  @Test
  void anUnknownKeyIsNamedWithItsLineAndTheNearestKnownOne() throws IOException {
    Path file = file("http:\n  prot: 9000\nengin:\n  threads: 2\n");
    assertThat(faults(file, Map.of()))
        .containsExactly(
            file + ":2: unknown key 'http.prot'; did you mean 'http.port'?",
            file + ":3: unknown key 'engin'; did you mean 'engine'?");
  }

  @Test
  void anUnknownVariableIsNamedWithTheNearestKnownOne() {
    assertThat(faults(null, Map.of("POLDER_HTTP_PROT", "1", "POLDER_HEAP", "2g")))
        .containsExactly(
            "environment: unknown variable POLDER_HTTP_PROT; did you mean POLDER_HTTP_PORT?");
  }

  @Test
  void everyValueThatCannotBeReadIsReportedAtOnce() throws IOException {
    Path file =
        file(
            """
            http:
              port: 70000
              tls:
                mode: maybe
            flight:
              port: many
            engine:
              memory-limit: lots
              queue-timeout: 5 parsecs
              threads: 0
            warehouse:
              s3:
                path-style: perhaps
            sql:
              max-statement-bytes: 1GiB
            """);
    assertThat(faults(file, Map.of()))
        .containsExactly(
            file + ":13: warehouse.s3.path-style: 'perhaps' is none of true, false",
            file + ":2: http.port: '70000' is out of range (0 to 65535)",
            file + ":4: http.tls.mode: 'maybe' is none of auto, off, on",
            file + ":6: flight.port: 'many' is no whole number (0 to 65535)",
            file
                + ":8: engine.memory-limit: 'lots' is no size: write a number with B, KiB, MiB, GiB"
                + " or TiB, such as 512MiB",
            file + ":10: engine.threads: '0' is out of range (1 to 1024)",
            file
                + ":9: engine.queue-timeout: '5 parsecs' is no duration: write numbers with ms, s,"
                + " m, h or d, such as 30s or 1h30m",
            file + ":15: sql.max-statement-bytes: '1GiB' is out of range (1KiB to 64MiB)");
  }

  @Test
  void keysThatContradictOneAnotherAreReported() {
    assertThat(
            faults(
                null,
                Map.of(
                    "POLDER_WAREHOUSE_LOCATION", "ftp://x/y",
                    "POLDER_WAREHOUSE_S3_ACCESS_KEY", "a",
                    "POLDER_METASTORE_URL", "jdbc:mysql://x",
                    "POLDER_HTTP_PORT", "5000",
                    "POLDER_FLIGHT_PORT", "5000",
                    "POLDER_HTTP_TLS_CERTIFICATE", "c.pem",
                    "POLDER_API_KEY", "short",
                    "POLDER_ADMIN_PASSWORD", "short")))
        .containsExactly(
            "environment POLDER_WAREHOUSE_LOCATION: warehouse.location: 'ftp://x/y' is neither a"
                + " directory nor s3://bucket/…, gs://bucket/… or"
                + " abfss://container@account.dfs.core.windows.net/…",
            "environment POLDER_WAREHOUSE_S3_ACCESS_KEY: warehouse.s3.access-key: needs"
                + " warehouse.s3.secret-key beside it: set both or neither",
            "environment POLDER_METASTORE_URL: metastore.url: the address must begin with"
                + " jdbc:sqlite: or jdbc:postgresql:",
            "environment POLDER_HTTP_TLS_CERTIFICATE: http.tls.certificate: needs http.tls.key"
                + " beside it: set both or neither",
            "environment POLDER_FLIGHT_PORT: flight.port: 5000 is already http.port: choose another",
            "environment POLDER_API_KEY: api-key: must have at least 16 characters",
            "environment POLDER_ADMIN_PASSWORD: admin.password: must have at least 8 characters");
  }

  @Test
  void aFileThatIsNoConfigurationIsRefusedWithItsLine() throws IOException {
    assertThat(faults(directory.resolve("absent.yaml"), Map.of()))
        .containsExactly(
            directory.resolve("absent.yaml") + ": there is no such configuration file");
    Path list = file("- a\n");
    assertThat(faults(list, Map.of()))
        .containsExactly(list + ":1: the file must hold keys, such as 'http:'");
    Path broken = file("http:\n  port: [1\n");
    assertThat(faults(broken, Map.of())).first().asString().startsWith(broken + ":");
    Path nested = file("http:\n  port:\n    a: 1\n  host: [x]\n");
    assertThat(faults(nested, Map.of()))
        .containsExactly(
            nested + ":2: http.port takes one value, no keys below it",
            nested + ":4: http.host takes one value, not a list");
  }

  @Test
  void anEmptyFileIsAConfigurationOfDefaults() throws IOException {
    assertThat(
            ConfigurationReader.read(file("# nothing\n"), Map.of(), MACHINE)
                .configuration()
                .http()
                .port())
        .isEqualTo(8181);
  }

  @Test
  void theSecretStoreHasTheNameThatOtherServersGiveIt() {
    assertThat(store(Map.of())).isEqualTo("dispatch");
    assertThat(store(Map.of("QOD_FEDERATION_SECRET_STORE", "vault"))).isEqualTo("vault");
    assertThat(
            store(
                Map.of(
                    "QOD_FEDERATION_SECRET_STORE", "vault",
                    "POLDER_FEDERATION_SECRET_STORE", "auto",
                    "POLDER_SECRET_PG_PWD", "hunter2")))
        .isEqualTo("auto");
    assertThat(
            catchThrowableOfType(
                    ConfigurationException.class,
                    () ->
                        store(
                            Map.of(
                                "QOD_FEDERATION_SECRET_STORE", "redis",
                                "POLDER_FEDERATION_VAULT_ADDRESS", "vault:8200")))
                .faults())
        .containsExactly(
            "environment QOD_FEDERATION_SECRET_STORE: federation.secret-store: 'redis' is none of"
                + " dispatch, postgres, env, aws-sm, gcp-sm, azure-kv, vault",
            "environment POLDER_FEDERATION_VAULT_ADDRESS: federation.vault.address: 'vault:8200'"
                + " must begin with https:// or http://");
  }

  private static String store(Map<String, String> environment) {
    return ConfigurationReader.read(null, environment, MACHINE)
        .configuration()
        .federation()
        .secretStore();
  }

  @Test
  void theReferencePageIsUpToDate() throws IOException {
    assertThat(Files.readString(Path.of("../docs/CONFIGURATION.md")))
        .as("run: ./polder config --reference > docs/CONFIGURATION.md")
        .isEqualTo(ReferencePage.text());
  }

  @Test
  void sizesAndDurationsAreReadAndWrittenAlike() {
    for (String size : List.of("0B", "512MiB", "2GiB", "1025B", "3TiB")) {
      assertThat(ByteSize.parse(size)).hasToString(size);
    }
    assertThat(ByteSize.parse("1.5 gib").bytes()).isEqualTo(3L << 29);
    assertThat(ByteSize.parse("2GB").bytes()).isEqualTo(2_000_000_000L);
    for (String duration : List.of("0s", "500ms", "30s", "1h30m", "7d")) {
      assertThat(Durations.text(Durations.parse(duration))).isEqualTo(duration);
    }
  }

  private Path file(String yaml) throws IOException {
    Path file = Files.createTempFile(directory, "polder", ".yaml");
    return Files.writeString(file, yaml);
  }

  private static List<String> faults(Path file, Map<String, String> environment) {
    ConfigurationException failure =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigurationReader.read(file, environment, MACHINE));
    assertThat(failure).isNotNull();
    return failure.faults();
  }
}
