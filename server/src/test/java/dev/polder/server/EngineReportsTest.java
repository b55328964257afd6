package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the reports that engines send of their scans and commits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EngineReportsTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of(Namespace.of("main"), "orders");

  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient admin;
  private String token;

  @BeforeAll
  void start() {
    server = LocalServers.start(directory.resolve("data"), Map.of());
    admin = LocalServers.admin(server);
    token = TwoServers.text(admin.execute("CREATE TOKEN engines"), "token");
  }

  @AfterAll
  void stop() {
    admin.close();
    server.close();
  }

  private double metric(String name, String database) {
    return Scrape.of(server).value(name, Map.of("database", database));
  }

  @Test
  void icebergs_own_client_tells_of_its_scans_and_commits() throws IOException {
    admin.execute("CREATE DATABASE told");
    try (RESTCatalog catalog = IcebergCatalogs.open(server, "told", token)) {
      Table table = catalog.createTable(ORDERS, IcebergCatalogs.ORDERS);
      table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 3)).commit();
      table.newAppend().appendFile(IcebergCatalogs.write(table, 3, 6)).commit();
      long bytes = 0;
      try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
        for (FileScanTask task : tasks) {
          bytes += task.file().fileSizeInBytes();
        }
      }
      long read = bytes;
      Awaitility.await()
          .untilAsserted(() -> {
            assertThat(metric("polder_iceberg_commit_attempts_total", "told")).isEqualTo(2);
            assertThat(metric("polder_iceberg_commit_seconds_count", "told")).isEqualTo(2);
            assertThat(metric("polder_iceberg_commit_seconds_sum", "told")).isPositive();
            assertThat(metric("polder_iceberg_scan_planning_seconds_count", "told")).isOne();
            assertThat(metric("polder_iceberg_scan_planning_seconds_sum", "told")).isPositive();
            assertThat(metric("polder_iceberg_scan_files_total", "told")).isEqualTo(2);
            assertThat(metric("polder_iceberg_scan_bytes_total", "told")).isEqualTo((double) read);
          });
    }
  }

  @Test
  void a_report_counts_within_bounds_and_only_from_those_who_may_know_of_the_table() {
    admin.execute("CREATE DATABASE bounded");
    admin.execute("USE bounded");
    admin.execute("CREATE TABLE t (id BIGINT)");
    RestCalls calls = new RestCalls(server, token);
    String reports = "/v1/bounded/namespaces/main/tables/t/metrics";
    assertThat(calls.post(reports, commit(-5, -1)).status()).isEqualTo(204);
    assertThat(metric("polder_iceberg_commit_attempts_total", "bounded")).isZero();
    assertThat(calls.post(reports, commit(Long.MAX_VALUE, Long.MAX_VALUE)).status()).isEqualTo(204);
    assertThat(metric("polder_iceberg_commit_attempts_total", "bounded")).isEqualTo(0x1p53);
    assertThat(metric("polder_iceberg_commit_seconds_sum", "bounded")).isEqualTo(86_400);
    String without =
        "{\"report-type\":\"commit-report\",\"table-name\":\"x\",\"snapshot-id\":1,"
            + "\"sequence-number\":1,\"operation\":\"append\",\"metrics\":{}}";
    assertThat(calls.post(reports, without).status()).isEqualTo(204);
    assertThat(metric("polder_iceberg_commit_seconds_count", "bounded")).isEqualTo(3);
    assertThat(calls.post(reports.replace("/t/", "/none/"), without).status()).isEqualTo(404);
    admin.execute("CREATE USER stranger PASSWORD 'correct horse battery'");
    admin.execute("CREATE TABLE other (id BIGINT)");
    admin.execute("GRANT SELECT ON other TO USER stranger");
    try (PolderClient stranger =
        LocalServers.session(server, "stranger", "correct horse battery", "bounded")) {
      String theirs = TwoServers.text(stranger.execute("CREATE TOKEN mine"), "token");
      assertThat(new RestCalls(server, theirs).post(reports, without).status()).isEqualTo(404);
    }
    assertThat(metric("polder_iceberg_commit_seconds_count", "bounded")).isEqualTo(3);
    assertThat(Scrape.of(server).labels("polder_iceberg_commit_seconds_count"))
        .isSubsetOf(List.of("{database=\"bounded\"}", "{database=\"told\"}"));
  }

  private static String commit(long attempts, long nanos) {
    return "{\"report-type\":\"commit-report\",\"table-name\":\"a \\n b\",\"snapshot-id\":1,"
        + "\"sequence-number\":1,\"operation\":\"append\",\"metrics\":{\"attempts\":{\"unit\":"
        + "\"count\",\"value\":"
        + attempts
        + "},\"total-duration\":{\"count\":1,\"time-unit\":\"nanoseconds\",\"total-duration\":"
        + nanos
        + "}}}";
  }
}
