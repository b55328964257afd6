package dev.polder.federation.parquet;

import static dev.polder.federation.ReadingEngine.column;
import static dev.polder.federation.ReadingEngine.equal;
import static dev.polder.federation.ReadingEngine.scan;
import static dev.polder.federation.ReadingEngine.table;
import static dev.polder.federation.SourceFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.duck.NativeThreads;
import dev.polder.federation.ReadingEngine;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.duckdb.DuckdbFiles;
import dev.polder.lake.S3Server;
import dev.polder.lake.io.S3Settings;
import dev.polder.model.ErrorCode;
import dev.polder.model.Secret;
import dev.polder.sql.remote.RemoteTable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

@Timeout(180)
final class ParquetSourceTest {
  @TempDir Path directory;
  private NativeThreads threads;
  private DuckdbFiles instances;
  private ReadingEngine engine;
  private Path root;

  @BeforeEach
  void open() throws Exception {
    threads = new NativeThreads(4, 100, 16L << 20);
    instances = new DuckdbFiles(threads, directory, ReadingEngine.LIMITS);
    engine = new ReadingEngine(directory);
    root = Files.createDirectories(directory.resolve("it's data"));
    write("flat.parquet", "SELECT 1 AS id, 'é' AS name, 1.5::DECIMAL(9,2) AS price");
    write("sales/day=2024-01-01/a.parquet", "SELECT 1 AS n");
    write("sales/day=2024-01-02/b.parquet", "SELECT 2 AS n UNION ALL SELECT 3");
    write("sales/_delta/x.parquet", "SELECT 9 AS n");
    write("many/1.parquet", "SELECT 1 AS a");
    write("many/2.parquet", "SELECT 2 AS a, 'x' AS b");
    Files.writeString(root.resolve("notes.txt"), "no data");
  }

  @AfterEach
  void close() {
    engine.close();
    instances.close();
    threads.close();
  }

  private void write(String path, String select) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (" + select + ") TO '" + file.toString().replace("'", "''") + "' (FORMAT parquet)");
    }
  }

  private SourceClient client(Map<String, String> properties) {
    Map<String, Secret> secrets = new HashMap<>();
    properties.forEach((name, value) -> secrets.put(name, Secret.of(value)));
    return new ParquetConnector(instances, directory.resolve("copies"))
        .open(new SourceSettings("pq", true, secrets));
  }

  private void assertReads(SourceClient client) {
    assertThat(client.schemas()).containsExactly("main");
    assertThat(client.tables("main"))
        .extracting(SourceClient.Listed::name)
        .containsExactly("flat", "many", "sales");
    RemoteTable flat = table(client, "main", "FLAT");
    assertThat(flat.columns())
        .extracting("name", "type")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("id", "INTEGER"),
            org.assertj.core.groups.Tuple.tuple("name", "VARCHAR"),
            org.assertj.core.groups.Tuple.tuple("price", "DECIMAL(9,2)"));
    assertThat(engine.rows(client, scan(flat))).containsExactly(List.of("1", "é", "1.50"));
    RemoteTable sales = table(client, "main", "sales");
    assertThat(engine.rows(client, scan(sales)))
        .containsExactlyInAnyOrder(
            List.of("1", "2024-01-01"), List.of("2", "2024-01-02"), List.of("3", "2024-01-02"));
    assertThat(
            engine.rows(
                client,
                scan(sales, equal(column(sales, "day"), java.time.LocalDate.of(2024, 1, 2)))))
        .hasSize(2);
    assertThat(engine.rows(client, scan(table(client, "main", "many"))))
        .containsExactlyInAnyOrder(java.util.Arrays.asList("1", null), List.of("2", "x"));
    assertThat(client.text(scan(flat))).contains("FROM \"pq\".\"main\".\"flat\"");
    assertFails(ErrorCode.READ_ONLY, "'pq' is read-only", () -> client.begin(true));
  }

  @Test
  void a_directory_s_files_are_tables() throws Exception {
    Files.createSymbolicLink(root.resolve("link.parquet"), root.resolve("flat.parquet"));
    try (SourceClient client = client(Map.of("directory", root.toString()))) {
      assertReads(client);
      RemoteTable flat = table(client, "main", "flat");
      write("flat.parquet", "SELECT 'one' AS id, 'x' AS name, 1 AS price");
      assertFails(ErrorCode.SOURCE_FAILED, "'pq' failed", () -> engine.rows(client, scan(flat)));
      Files.delete(root.resolve("flat.parquet"));
      assertFails(
          ErrorCode.SOURCE_FAILED, "flat has no files", () -> engine.rows(client, scan(flat)));
      client.invalidate();
      assertThat(client.table("main", "flat")).isEmpty();
    }
  }

  @Test
  void a_missing_directory_is_unavailable() {
    try (SourceClient client = client(Map.of("directory", root + "/none"))) {
      assertFails(
          ErrorCode.SOURCE_UNAVAILABLE, "directory cannot be listed", () -> client.tables("main"));
    }
    assertFails(ErrorCode.INVALID_PARAMETER, "one of the properties", () -> client(Map.of()));
  }

  @Test
  void a_prefix_s_files_are_tables_and_read_as_they_were_listed() throws Exception {
    S3Server server = S3Server.running();
    S3Settings settings = server.settings();
    String bucket = server.bucket();
    S3Settings.Keys keys = settings.keys().orElseThrow();
    Map<String, String> properties =
        Map.of(
            "location",
            "s3://" + bucket + "/lake/files",
            "endpoint",
            settings.endpoint().orElseThrow(),
            "accessKeyId",
            keys.id(),
            "secretAccessKey",
            keys.secret().reveal(),
            "metadataCacheSeconds",
            "0",
            "cacheMegabytes",
            "0");
    try (S3Client s3 =
            S3Client.builder()
                .endpointOverride(URI.create(settings.endpoint().orElseThrow()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(keys.id(), keys.secret().reveal())))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        s3.putObject(
            request -> request.bucket(bucket).key("lake/files/" + root.relativize(file)), file);
      }
      try (SourceClient client = client(properties)) {
        assertReads(client);
        RemoteTable flat = table(client, "main", "flat");
        write("flat.parquet", "SELECT 2 AS id, 'new' AS name, 3::DECIMAL(9,2) AS price");
        try (SourceTransaction transaction = client.begin(false)) {
          assertThat(engine.rows(transaction, scan(flat))).hasSize(1);
          s3.putObject(
              request -> request.bucket(bucket).key("lake/files/flat.parquet"),
              root.resolve("flat.parquet"));
          assertThat(engine.rows(transaction, scan(flat)))
              .as("one moment for all that a transaction reads")
              .containsExactly(List.of("1", "é", "1.50"));
        }
        assertThat(engine.rows(client, scan(flat))).containsExactly(List.of("2", "new", "3.00"));
        try (Stream<Path> kept = Files.walk(directory.resolve("copies"))) {
          assertThat(kept.filter(Files::isRegularFile)).isEmpty();
        }
      }
      assertThat(directory.resolve("copies")).isEmptyDirectory();
      Map<String, String> wrong = new HashMap<>(properties);
      wrong.put("secretAccessKey", "guessed");
      try (SourceClient client = client(wrong)) {
        assertFails(ErrorCode.SOURCE_UNAVAILABLE, "refused its keys", () -> client.tables("main"));
      }
      wrong.put("endpoint", "http://127.0.0.1:1");
      try (SourceClient client = client(wrong)) {
        assertFails(ErrorCode.SOURCE_UNAVAILABLE, "does not answer", () -> client.tables("main"));
      }
    }
  }
}
