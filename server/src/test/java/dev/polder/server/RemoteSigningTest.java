package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.S3Server;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.rest.RESTCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own client on a store that knows no temporary keys and checks each signature. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RemoteSigningTest {
  private static final Namespace MAIN = Namespace.of("main");
  private static final String TABLES = "/v1/acme_shop/namespaces/main/tables";

  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient admin;
  private PolderClient shop;
  private String token;
  private RESTCatalog catalog;

  @BeforeAll
  void start() {
    server = StoreServers.signing(directory.resolve("data"), S3Server.running().bucket(), Map.of());
    admin = LocalServers.admin(server);
    StoreServers.tenants(
        admin,
        List.of("acme"),
        (tenant, database) -> {
          shop = StoreServers.admin(server, database, tenant);
          shop.execute("GRANT ALL ON SCHEMA main TO USER user_of_acme");
        });
    token = StoreServers.token(server, "user_of_acme", "acme_shop");
    catalog =
        IcebergCatalogs.delegated(server, "acme_shop", token, "vended-credentials,remote-signing");
  }

  @AfterAll
  void stop() throws IOException {
    catalog.close();
    shop.close();
    admin.close();
    server.close();
  }

  @Test
  void a_table_is_made_written_and_read_without_any_keys() {
    Table table = catalog.createTable(TableIdentifier.of(MAIN, "orders"), IcebergCatalogs.ORDERS);
    assertThat(table.io().properties()).containsEntry("s3.remote-signing-enabled", "true");
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 10)).commit();
    assertThat(LocalServers.value(shop, "SELECT sum(id) FROM orders")).isEqualTo("45");
    shop.execute("INSERT INTO orders VALUES (100, 'x')");
    table.refresh();
    assertThat(VendedCredentialsTest.sum(table)).isEqualTo(145);
    table.newDelete().deleteFile(IcebergCatalogs.anyFile(table)).commit();
    assertThat(((S3FileIO) table.io()).listPrefix(table.location() + "/data/")).hasSize(2);
  }

  @Test
  void a_large_file_is_put_in_parts_and_given_up_in_parts() throws IOException {
    Table table = catalog.createTable(TableIdentifier.of(MAIN, "large"), IcebergCatalogs.ORDERS);
    String place = table.location() + "/data/large.bin";
    byte[] block = new byte[1 << 20];
    try (OutputStream out = table.io().newOutputFile(place).create()) {
      for (int i = 0; i < 70; i++) {
        out.write(block);
      }
    }
    assertThat(table.io().newInputFile(place).getLength()).isEqualTo(70L << 20);
    assertThatThrownBy(() -> VendedCredentialsTest.put(table, place))
        .hasStackTraceContaining("exists already");
    assertThat(table.io().newInputFile(place).getLength()).isEqualTo(70L << 20);
  }

  @Test
  void a_table_can_be_filled_before_it_is_committed() {
    TableIdentifier name = TableIdentifier.of(MAIN, "staged");
    for (int i = 0; i < 2; i++) {
      var given = catalog.buildTable(name, IcebergCatalogs.ORDERS).createTransaction();
      IcebergCatalogs.write(given.table(), 0, 1);
    }
    var transaction = catalog.buildTable(name, IcebergCatalogs.ORDERS).createTransaction();
    Table table = transaction.table();
    transaction.newAppend().appendFile(IcebergCatalogs.write(table, 0, 4)).commit();
    transaction.commitTransaction();
    assertThat(LocalServers.value(shop, "SELECT sum(id) FROM staged")).isEqualTo("6");
  }

  @Test
  void a_clone_is_read_in_two_places_and_written_in_one() throws IOException {
    shop.execute("CREATE TABLE cloned (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO cloned VALUES (1, 'a'), (2, 'b')");
    admin.execute("CLONE DATABASE acme_copy FROM acme_shop");
    try (RESTCatalog clones =
        IcebergCatalogs.delegated(server, "acme_copy", token, "remote-signing")) {
      Table source = catalog.loadTable(TableIdentifier.of(MAIN, "cloned"));
      Table clone = clones.loadTable(TableIdentifier.of(MAIN, "cloned"));
      clone.newAppend().appendFile(IcebergCatalogs.write(clone, 10, 12)).commit();
      clone.refresh();
      assertThat(VendedCredentialsTest.sum(clone)).isEqualTo(24);
      assertThatThrownBy(
              () -> VendedCredentialsTest.put(clone, source.location() + "/data/planted"))
          .hasStackTraceContaining("the table's own directory");
      assertThatThrownBy(() ->
              ((S3FileIO) clone.io()).listPrefix(source.location() + "/").iterator().hasNext())
          .hasStackTraceContaining("does not go to the table's files");
    }
  }

  @Test
  void no_file_is_replaced_or_deleted() {
    shop.execute("CREATE TABLE kept (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO kept VALUES (1, 'x')");
    Table table = catalog.loadTable(TableIdentifier.of(MAIN, "kept"));
    String file = IcebergCatalogs.anyFile(table).location();
    assertThatThrownBy(() -> VendedCredentialsTest.put(table, file))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("exists already");
    // What a client is told of deleting keeps its normal work from failing.
    table.io().deleteFile(file);
    ((S3FileIO) table.io()).deleteFiles(List.of(file));
    assertThatThrownBy(() ->
            ((S3FileIO) table.io())
                .client(file)
                .deleteObject(it ->
                    it.bucket(VendedCredentialsTest.bucket(table)).key(file.split("/", 4)[3])))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("the server's to say");
    assertThat(VendedCredentialsTest.sum(table)).isEqualTo(1);
  }

  @Test
  void who_asks_for_keys_alone_is_told_of_signing_before_anything_is_made() throws IOException {
    try (RESTCatalog keys =
        IcebergCatalogs.delegated(server, "acme_shop", token, "vended-credentials")) {
      TableIdentifier name = TableIdentifier.of(MAIN, "never");
      assertThatThrownBy(() -> keys.createTable(name, IcebergCatalogs.ORDERS))
          .hasMessageContaining("remote-signing");
      assertThat(keys.tableExists(name)).isFalse();
    }
    shop.execute("CREATE TABLE asked (id BIGINT)");
    RestCalls.Reply reply = new RestCalls(server, token).get(TABLES + "/asked/credentials");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("remote-signing");
  }

  @Test
  void the_trail_and_the_metrics_tell_what_was_signed() {
    double signed = requests("signed");
    double refused = requests("refused");
    Table table = catalog.createTable(TableIdentifier.of(MAIN, "told"), IcebergCatalogs.ORDERS);
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 3)).commit();
    assertThat(VendedCredentialsTest.sum(table)).isEqualTo(3);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(
                    admin.execute("SHOW AUDIT IN DATABASE acme_shop LIMIT 1000").rows().toString())
                .contains("SIGN READ", "SIGN WRITE", "main.told"));
    // The data file, its manifest and the list of manifests are put, and read again.
    assertThat(requests("signed") - signed).isGreaterThanOrEqualTo(6);
    assertThat(requests("refused")).isEqualTo(refused);
    String file = IcebergCatalogs.anyFile(table).location();
    double before = requests("signed");
    assertThatThrownBy(() -> VendedCredentialsTest.put(table, file))
        .isInstanceOf(ForbiddenException.class);
    assertThat(requests("refused")).isGreaterThan(refused);
    assertThat(requests("signed")).isEqualTo(before);
    assertThat(Scrape.of(server).value("polder_vended_credentials_total", Map.of())).isZero();
  }

  private double requests(String outcome) {
    return Scrape.of(server).value("polder_signed_requests_total", Map.of("outcome", outcome));
  }

  @Test
  void the_files_of_a_local_warehouse_need_nobodys_leave() throws IOException {
    try (RunningServer local = LocalServers.start(directory.resolve("local"), Map.of());
        PolderClient client = LocalServers.admin(local)) {
      client.execute("CREATE DATABASE here");
      String own = TwoServers.text(client.execute("CREATE TOKEN engines"), "token");
      try (RESTCatalog files =
          IcebergCatalogs.delegated(
              local, "here", own, "vended-credentials", "dev.polder.lake.io.LocalFileIO")) {
        Table table = files.createTable(TableIdentifier.of(MAIN, "orders"), IcebergCatalogs.ORDERS);
        table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 3)).commit();
        assertThat(VendedCredentialsTest.sum(table)).isEqualTo(3);
      }
      RestCalls calls = new RestCalls(local, own);
      assertThat(calls.get("/v1/here/namespaces/main/tables/orders/credentials").body())
          .isEqualTo("{\"storage-credentials\":[]}");
      assertThat(
              calls
                  .post(
                      "/v1/here/namespaces/main/tables/orders/sign",
                      "{\"region\":\"r\",\"uri\":\"http://x/y\",\"method\":\"GET\",\"headers\":{}}")
                  .status())
          .isEqualTo(400);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
