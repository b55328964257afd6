package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.io.AzureSettings;
import dev.polder.lake.io.GcsSettings;
import dev.polder.lake.io.S3Settings;
import dev.polder.lake.io.StoreSettings;
import dev.polder.lake.io.StoredFile;
import dev.polder.lake.io.Warehouse;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.gcp.gcs.GCSFileIO;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A warehouse in Google Cloud Storage, and Iceberg's own client there without keys of its own. The
 * objects lie in memory, or in the server that the property {@code gcs.behind} names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GcsWarehouseTest {
  private static final Namespace MAIN = Namespace.of("main");
  private static final String FILES = "dev.polder.store.gcs.GcsFileIO";
  private static final String BUCKET = "lake-bucket";

  @TempDir static Path directory;
  private GuardedGcs store;
  private RunningServer server;
  private PolderClient admin;
  private PolderClient shop;
  private String token;
  private RESTCatalog catalog;

  private static GuardedGcs.Behind behind() {
    String address = System.getProperty("gcs.behind");
    if (address == null) {
      return new GcsObjects();
    }
    ForwardedGcs behind = new ForwardedGcs(URI.create(address));
    behind.makeBucket(BUCKET);
    return behind;
  }

  @BeforeAll
  void start() throws IOException {
    store = new GuardedGcs(behind());
    Path key = directory.resolve("account.json");
    Files.writeString(key, store.tokens().keyFile(store.endpoint()));
    server =
        LocalServers.start(
            directory.resolve("data"),
            Map.of(
                "POLDER_WAREHOUSE_LOCATION",
                "gs://" + BUCKET + "/it's/warehouse",
                "POLDER_WAREHOUSE_GCS_CREDENTIALS",
                key.toString(),
                "POLDER_WAREHOUSE_GCS_ENDPOINT",
                store.endpoint(),
                "POLDER_WAREHOUSE_GCS_TOKEN_ENDPOINT",
                store.endpoint() + "/v1/token"));
    admin = LocalServers.admin(server);
    StoreServers.tenants(
        admin,
        List.of("acme"),
        (tenant, database) -> {
          shop = StoreServers.admin(server, database, tenant);
          shop.execute("GRANT ALL ON SCHEMA main TO USER user_of_acme");
        });
    token = StoreServers.token(server, "user_of_acme", "acme_shop");
    catalog = IcebergCatalogs.delegated(server, "acme_shop", token, "vended-credentials", FILES);
  }

  @AfterAll
  void stop() throws IOException {
    catalog.close();
    shop.close();
    admin.close();
    server.close();
    store.close();
  }

  private Table load(String name) {
    return catalog.loadTable(TableIdentifier.of(MAIN, name));
  }

  @Test
  void sql_makes_fills_changes_and_reads_tables() {
    shop.execute("CREATE TABLE sums (id BIGINT, item VARCHAR)");
    shop.execute("INSERT INTO sums SELECT range, 'item ' || range FROM range(1000)");
    shop.execute("UPDATE sums SET item = 'changed' WHERE id < 10");
    shop.execute("DELETE FROM sums WHERE id >= 990");
    assertThat(LocalServers.value(shop, "SELECT sum(id) FROM sums")).isEqualTo("489555");
    assertThat(LocalServers.value(shop, "SELECT count(*) FROM sums WHERE item = 'changed'"))
        .isEqualTo("10");
  }

  private Warehouse warehouse() {
    return Warehouse.open(
        "gs://" + BUCKET + "/it's/warehouse",
        new StoreSettings(
            new S3Settings(
                Optional.empty(), "us-east-1", Optional.empty(), false, Optional.empty()),
            new GcsSettings(
                Optional.of(store.endpoint()),
                Optional.empty(),
                Optional.of(directory.resolve("account.json")),
                Optional.empty()),
            new AzureSettings(Optional.empty(), Optional.empty(), Duration.ofHours(1))));
  }

  @Test
  void what_the_collector_lists_it_can_delete() {
    shop.execute("CREATE TABLE gone (id BIGINT)");
    shop.execute("INSERT INTO gone VALUES (1)");
    String file = IcebergCatalogs.anyFile(load("gone")).location();
    try (Warehouse warehouse = warehouse()) {
      assertThat(warehouse.list()).extracting(StoredFile::path).contains(file);
      warehouse.io().deleteFile(file);
      assertThat(warehouse.list()).extracting(StoredFile::path).doesNotContain(file);
      assertThat(warehouse.io().newInputFile(file).exists()).isFalse();
    }
  }

  @Test
  void an_engine_makes_writes_and_reads_a_table_with_the_token_it_was_given() {
    Table table = catalog.createTable(TableIdentifier.of(MAIN, "orders"), IcebergCatalogs.ORDERS);
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 10)).commit();
    assertThat(LocalServers.value(shop, "SELECT sum(id) FROM orders")).isEqualTo("45");
    shop.execute("INSERT INTO orders VALUES (100, 'x')");
    assertThat(VendedCredentialsTest.sum(load("orders"))).isEqualTo(145);
    assertThat(store.denials()).noneMatch(denial -> denial.contains(path(table)));
    assertThat(((GCSFileIO) table.io()).credentials())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.prefix()).isEqualTo(table.location() + "/");
          assertThat(one.config())
              .containsKeys("gcs.oauth2.token", "gcs.oauth2.token-expires-at")
              .hasEntrySatisfying("gcs.oauth2.token", it -> assertThat(it).startsWith("narrow-"))
              .hasEntrySatisfying(
                  "gcs.oauth2.refresh-credentials-endpoint",
                  it -> assertThat(it).endsWith("/tables/orders/credentials"));
        });
  }

  @Test
  void a_scan_that_the_server_plans_comes_with_a_token_for_its_files() throws IOException {
    shop.execute("CREATE TABLE planned (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO planned VALUES (1, 'a'), (2, 'b')");
    try (RESTCatalog planning =
        IcebergCatalogs.delegatedPlanning(
            server, "acme_shop", token, "vended-credentials", FILES)) {
      Table table = planning.loadTable(TableIdentifier.of(MAIN, "planned"));
      TableScan scan = table.newScan();
      try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
        DataFile file = tasks.iterator().next().file();
        try (InputStream in = scan.fileIO().get().newInputFile(file.location()).newStream()) {
          assertThat(in.readNBytes(4)).asString().isEqualTo("PAR1");
        }
      }
      assertThat(VendedCredentialsTest.sum(table)).isEqualTo(3);
    }
  }

  @Test
  void a_token_creates_files_and_neither_replaces_nor_deletes_nor_lists_others() {
    shop.execute("CREATE TABLE t1 (id BIGINT)");
    shop.execute("CREATE TABLE t10 (id BIGINT)");
    shop.execute("INSERT INTO t1 VALUES (1)");
    shop.execute("INSERT INTO t10 VALUES (10)");
    Table one = load("t1");
    Table ten = load("t10");
    String mine = IcebergCatalogs.anyFile(one).location();
    put(one, one.location() + "/data/new.parquet");
    assertThatThrownBy(() -> put(one, mine)).hasStackTraceContaining("not allowed");
    assertThatThrownBy(() -> one.io().deleteFile(mine)).hasStackTraceContaining("not allowed");
    for (String path :
        List.of(
            IcebergCatalogs.anyFile(ten).location(),
            one.location() + "0/data/x.parquet",
            one.location().substring(0, one.location().length() - 1) + "?/data/x.parquet")) {
      assertThatThrownBy(() -> one.io().newInputFile(path).newStream().read())
          .as(path)
          .hasStackTraceContaining("not allowed");
      assertThatThrownBy(() -> put(one, path)).as(path).hasStackTraceContaining("not allowed");
    }
    GCSFileIO files = (GCSFileIO) one.io();
    assertThat(files.listPrefix(one.location() + "/data/")).isNotEmpty();
    for (String prefix :
        List.of(one.location(), ten.location() + "/", "gs://" + BUCKET + "/it's/")) {
      assertThatThrownBy(() -> files.listPrefix(prefix).iterator().hasNext())
          .as(prefix)
          .hasStackTraceContaining("not allowed");
    }
  }

  @Test
  void a_clone_is_read_in_its_sources_directory_too_and_written_in_its_own_alone()
      throws IOException {
    shop.execute("CREATE TABLE cloned (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO cloned VALUES (1, 'a'), (2, 'b')");
    admin.execute("CLONE DATABASE acme_copy FROM acme_shop");
    try (RESTCatalog clones =
        IcebergCatalogs.delegated(server, "acme_copy", token, "vended-credentials", FILES)) {
      Table source = load("cloned");
      Table clone = clones.loadTable(TableIdentifier.of(MAIN, "cloned"));
      clone.newAppend().appendFile(IcebergCatalogs.write(clone, 10, 12)).commit();
      clone.refresh();
      assertThat(VendedCredentialsTest.sum(clone)).isEqualTo(24);
      assertThatThrownBy(() -> put(clone, source.location() + "/data/planted.parquet"))
          .hasStackTraceContaining("not allowed");
      assertThatThrownBy(() ->
              ((GCSFileIO) clone.io()).listPrefix(source.location() + "/").iterator().hasNext())
          .hasStackTraceContaining("not allowed");
    }
  }

  @Test
  void who_may_only_read_gets_a_token_that_creates_nothing() throws IOException {
    shop.execute("CREATE TABLE shown (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO shown VALUES (7, 'a')");
    admin.execute("CREATE USER reader PASSWORD '" + StoreServers.PASSWORD + "' TENANT acme");
    shop.execute("GRANT SELECT ON shown TO USER reader");
    String theirs = StoreServers.token(server, "reader", "acme_shop");
    try (RESTCatalog reading =
        IcebergCatalogs.delegated(server, "acme_shop", theirs, "vended-credentials", FILES)) {
      Table table = reading.loadTable(TableIdentifier.of(MAIN, "shown"));
      assertThat(VendedCredentialsTest.sum(table)).isEqualTo(7);
      assertThatThrownBy(() -> put(table, table.location() + "/data/new.parquet"))
          .hasStackTraceContaining("not allowed");
    }
  }

  @Test
  void a_token_is_given_again_while_it_lasts() {
    shop.execute("CREATE TABLE kept (id BIGINT)");
    load("kept");
    int asked = store.tokens().boundaries().size();
    load("kept");
    assertThat(store.tokens().boundaries()).hasSize(asked);
  }

  @Test
  void requests_are_not_signed_and_the_answer_says_what_to_ask_for() {
    shop.execute("CREATE TABLE unsigned (id BIGINT)");
    try (RESTCatalog signing =
        IcebergCatalogs.delegated(server, "acme_shop", token, "remote-signing", FILES)) {
      assertThatThrownBy(() -> signing.loadTable(TableIdentifier.of(MAIN, "unsigned")))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("'X-Iceberg-Access-Delegation: vended-credentials'");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String path(Table table) {
    return table.location().substring(("gs://" + BUCKET + "/").length());
  }

  private static void put(Table table, String path) {
    try (OutputStream out = table.io().newOutputFile(path).createOrOverwrite()) {
      out.write(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
