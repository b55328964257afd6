package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.S3Server;
import dev.polder.s3.GuardedStore;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Iceberg's own client on a store that gives keys for one table at a time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VendedCredentialsTest {
  private static final Namespace MAIN = Namespace.of("main");
  private static final Schema ORDERS = IcebergCatalogs.ORDERS;

  @TempDir static Path directory;
  private GuardedStore store;
  private RunningServer server;
  private PolderClient admin;
  private PolderClient shop;
  private String token;
  private RESTCatalog catalog;

  @BeforeAll
  void start() {
    store = StoreServers.guarded();
    server =
        StoreServers.vending(
            directory.resolve("data"),
            S3Server.running().bucket(),
            store,
            Map.of("POLDER_WAREHOUSE_S3_STS_WRITE", "true"));
    admin = LocalServers.admin(server);
    StoreServers.tenants(
        admin,
        List.of("acme"),
        (tenant, database) -> {
          shop = StoreServers.admin(server, database, tenant);
          shop.execute("GRANT ALL ON SCHEMA main TO USER user_of_acme");
        });
    token = StoreServers.token(server, "user_of_acme", "acme_shop");
    catalog = IcebergCatalogs.delegated(server, "acme_shop", token, "vended-credentials");
  }

  @AfterAll
  void stop() throws IOException {
    catalog.close();
    shop.close();
    admin.close();
    server.close();
    store.close();
  }

  static long sum(Table table) {
    long sum = 0;
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      for (Record row : rows) {
        sum += (Long) row.getField("id");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum;
  }

  @Test
  void a_table_is_made_written_and_read_without_keys_of_ones_own() {
    Table table = catalog.createTable(TableIdentifier.of(MAIN, "orders"), ORDERS);
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 10)).commit();
    assertThat(LocalServers.value(shop, "SELECT sum(id) FROM orders")).isEqualTo("45");
    shop.execute("INSERT INTO orders VALUES (100, 'x')");
    assertThat(sum(catalog.loadTable(TableIdentifier.of(MAIN, "orders")))).isEqualTo(145);
    assertThat(store.denials()).noneMatch(denial -> denial.resource().contains(table.location()));
  }

  @Test
  void a_scan_that_the_server_plans_comes_with_keys_to_its_files() throws IOException {
    shop.execute("CREATE TABLE planned (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO planned VALUES (1, 'a'), (2, 'b')");
    try (RESTCatalog planning =
        IcebergCatalogs.delegatedPlanning(
            server, "acme_shop", token, "vended-credentials", IcebergCatalogs.S3)) {
      Table table = planning.loadTable(TableIdentifier.of(MAIN, "planned"));
      TableScan scan = table.newScan();
      try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
        DataFile file = tasks.iterator().next().file();
        FileIO io = scan.fileIO().get();
        assertThat(io).isNotSameAs(table.io());
        try (InputStream in = io.newInputFile(file.location()).newStream()) {
          assertThat(in.readNBytes(4)).asString().isEqualTo("PAR1");
        }
      }
      assertThat(sum(table)).isEqualTo(3);
    }
  }

  @Test
  void a_table_can_be_filled_before_it_is_committed() {
    TableIdentifier name = TableIdentifier.of(MAIN, "staged");
    var transaction = catalog.buildTable(name, ORDERS).createTransaction();
    Table table = transaction.table();
    transaction.newAppend().appendFile(IcebergCatalogs.write(table, 0, 4)).commit();
    transaction.commitTransaction();
    assertThat(LocalServers.value(shop, "SELECT sum(id) FROM staged")).isEqualTo("6");
  }

  @Test
  void a_clone_is_read_in_its_own_and_in_its_sources_directory_and_written_in_its_own_alone() {
    shop.execute("CREATE TABLE cloned (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO cloned VALUES (1, 'a'), (2, 'b')");
    admin.execute("CLONE DATABASE acme_copy FROM acme_shop");
    try (PolderClient copy = StoreServers.admin(server, "acme_copy", "acme");
        RESTCatalog clones =
            IcebergCatalogs.delegated(server, "acme_copy", token, "vended-credentials")) {
      Table source = catalog.loadTable(TableIdentifier.of(MAIN, "cloned"));
      Table clone = clones.loadTable(TableIdentifier.of(MAIN, "cloned"));
      assertThat(clone.location()).isNotEqualTo(source.location());
      clone.newAppend().appendFile(IcebergCatalogs.write(clone, 10, 12)).commit();
      clone.refresh();
      assertThat(sum(clone)).isEqualTo(24);
      assertThat(LocalServers.value(copy, "SELECT sum(id) FROM cloned")).isEqualTo("24");
      assertThatThrownBy(() -> put(clone, source.location() + "/data/planted.parquet"))
          .hasStackTraceContaining("PutObject is not allowed");
      assertThatThrownBy(() ->
              ((S3FileIO) clone.io()).listPrefix(source.location() + "/").iterator().hasNext())
          .hasStackTraceContaining("ListBucket is not allowed");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void put(Table table, String path) {
    try (var out = table.io().newOutputFile(path).createOrOverwrite()) {
      out.write(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void the_keys_of_one_table_open_no_other_one() {
    shop.execute("CREATE TABLE t1 (id BIGINT)");
    shop.execute("CREATE TABLE t10 (id BIGINT)");
    shop.execute("INSERT INTO t1 VALUES (1)");
    shop.execute("INSERT INTO t10 VALUES (10)");
    Table one = catalog.loadTable(TableIdentifier.of(MAIN, "t1"));
    Table ten = catalog.loadTable(TableIdentifier.of(MAIN, "t10"));
    String theirs = IcebergCatalogs.anyFile(ten).location();
    for (String path :
        List.of(
            theirs,
            one.location() + "0/data/x.parquet",
            one.location().substring(0, one.location().length() - 1) + "?/data/x.parquet",
            one.location() + "*")) {
      assertThatThrownBy(() -> one.io().newInputFile(path).newStream().read())
          .as(path)
          .isInstanceOf(Exception.class);
      assertThatThrownBy(() -> put(one, path)).as(path).isInstanceOf(Exception.class);
    }
    S3FileIO files = (S3FileIO) one.io();
    for (String prefix :
        List.of(
            one.location(),
            ten.location() + "/",
            "s3://" + bucket(one) + "/",
            "s3://" + bucket(one) + "/warehouse/*")) {
      assertThatThrownBy(() -> files.listPrefix(prefix).iterator().hasNext())
          .as(prefix)
          .hasStackTraceContaining("not allowed");
    }
    assertThat(files.listPrefix(one.location() + "/data/")).isNotEmpty();
  }

  static String bucket(Table table) {
    return table.location().substring(5).split("/", 2)[0];
  }

  @Test
  void nothing_is_deleted_and_no_metadata_file_is_replaced() {
    shop.execute("CREATE TABLE kept (id BIGINT)");
    shop.execute("INSERT INTO kept VALUES (1)");
    Table table = catalog.loadTable(TableIdentifier.of(MAIN, "kept"));
    String file = IcebergCatalogs.anyFile(table).location();
    // As any client does that does not heed what it was told of deleting.
    assertThatThrownBy(() ->
            ((S3FileIO) table.io())
                .client(file)
                .deleteObject(it -> it.bucket(bucket(table)).key(file.split("/", 4)[3])))
        .isInstanceOf(S3Exception.class)
        .hasMessageContaining("DeleteObject is not allowed");
    table.io().deleteFile(file);
    assertThat(table.io().newInputFile(file).exists()).isTrue();
    String metadata =
        ((org.apache.iceberg.BaseTable) table).operations().current().metadataFileLocation();
    assertThatThrownBy(() -> put(table, metadata))
        .hasStackTraceContaining("PutObject is not allowed");
  }

  @Test
  void who_may_read_gets_keys_that_read() {
    shop.execute("CREATE TABLE readable (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO readable VALUES (7, 'x')");
    admin.execute("CREATE USER reader PASSWORD '" + StoreServers.PASSWORD + "' TENANT acme");
    shop.execute("GRANT SELECT ON TABLE readable TO USER reader");
    String readers = StoreServers.token(server, "reader", "acme_shop");
    try (RESTCatalog reading =
        IcebergCatalogs.delegated(
            server, "acme_shop", readers, "remote-signing, vended-credentials")) {
      Table table = reading.loadTable(TableIdentifier.of(MAIN, "readable"));
      assertThat(table.io().properties()).containsKey("s3.session-token");
      assertThat(sum(table)).isEqualTo(7);
      assertThatThrownBy(() -> put(table, table.location() + "/data/mine.parquet"))
          .hasStackTraceContaining("PutObject is not allowed");
      shop.execute("REVOKE SELECT ON TABLE readable FROM USER reader");
      assertThatThrownBy(() -> reading.loadTable(TableIdentifier.of(MAIN, "readable")))
          .isInstanceOf(RuntimeException.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void keys_are_given_out_again_while_they_last_and_renewed_for_clients() throws Exception {
    shop.execute("CREATE TABLE often (id BIGINT)");
    RestCalls calls = new RestCalls(server, token);
    double given = given();
    var first = calls.get("/v1/acme_shop/namespaces/main/tables/often/credentials");
    int before = store.assumed().size();
    var again =
        calls.get(
            "/v1/acme_shop/namespaces/main/tables/often/credentials?planId=7&referenced-by=main%1Fv");
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(store.assumed()).hasSize(before);
    assertThat(first.json().path("storage-credentials")).hasSize(1);
    var config = first.json().path("storage-credentials").path(0).path("config");
    String endpoint = config.path("client.refresh-credentials-endpoint").asText();
    assertThat(calls.get("/" + endpoint).body()).isEqualTo(first.body());
    assertThat(given() - given).isEqualTo(3);
    Map<String, String> asked = store.assumed().getLast();
    assertThat(asked.get("RoleSessionName")).startsWith("polder-user_of_acme");
    assertThat(asked.get("DurationSeconds")).isEqualTo("3600");
  }

  @Test
  void without_the_header_nothing_is_given() throws Exception {
    shop.execute("CREATE TABLE plain (id BIGINT)");
    RestCalls calls = new RestCalls(server, token);
    assertThat(calls.get("/v1/acme_shop/namespaces/main/tables/plain").body())
        .doesNotContain("session-token", "remote-signing", "storage-credentials");
    Map<String, String> headers = new HashMap<>();
    headers.put("X-Iceberg-Access-Delegation", "nobody-knows");
    assertThat(calls.get("/v1/acme_shop/namespaces/main/tables/plain", headers).body())
        .doesNotContain("session-token", "remote-signing");
    headers.put("X-Iceberg-Access-Delegation", "TRUE");
    assertThat(calls.get("/v1/acme_shop/namespaces/main/tables/plain", headers).body())
        .contains("session-token");
  }

  @Test
  void who_is_under_a_mask_gets_no_keys() {
    shop.execute("CREATE TABLE masked (id BIGINT, item VARCHAR)");
    shop.execute("CREATE ROW FILTER some ON masked USING (id < 3)");
    assertThatThrownBy(() -> catalog.loadTable(TableIdentifier.of(MAIN, "masked")))
        .isInstanceOf(ForbiddenException.class);
    RestCalls calls = new RestCalls(server, token);
    double given = given();
    assertThat(calls.get("/v1/acme_shop/namespaces/main/tables/masked/credentials").status())
        .isEqualTo(403);
    assertThat(given()).isEqualTo(given);
  }

  private double given() {
    return Scrape.of(server).value("polder_vended_credentials_total", Map.of());
  }

  @Test
  void a_place_that_was_refused_gets_no_keys() {
    int before = store.assumed().size();
    assertThatThrownBy(() ->
            catalog
                .buildTable(TableIdentifier.of(Namespace.of("nowhere"), "t"), ORDERS)
                .createTransaction())
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() ->
            catalog
                .buildTable(TableIdentifier.of(MAIN, "elsewhere"), ORDERS)
                .withProperty("write.data.path", "s3://other/data")
                .createTransaction())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(store.assumed()).hasSize(before);
  }
}
