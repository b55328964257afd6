package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.lake.io.AzureSettings;
import dev.polder.lake.io.ExternalLocations;
import dev.polder.lake.io.GcsSettings;
import dev.polder.lake.io.S3Settings;
import dev.polder.lake.io.StoreSettings;
import dev.polder.lake.io.StoredFile;
import dev.polder.lake.io.Warehouse;
import dev.polder.model.Secret;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.azure.adlsv2.ADLSFileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A warehouse in Azure Data Lake Storage, and Iceberg's own client there without keys of its own.
 * The files lie in memory, or in the server that the property {@code azure.behind} names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AzureWarehouseTest {
  private static final Namespace MAIN = Namespace.of("main");
  private static final String FILES = "org.apache.iceberg.azure.adlsv2.ADLSFileIO";
  private static final String CONTAINER = "lake";
  private static final String HOST = GuardedAzure.ACCOUNT + ".dfs.core.windows.net";
  private static final String ROOT = "abfss://" + CONTAINER + "@" + HOST + "/";

  @TempDir static Path directory;
  private GuardedAzure store;
  private RunningServer server;
  private PolderClient admin;
  private PolderClient shop;
  private String token;
  private RESTCatalog catalog;

  private static GuardedAzure.Behind behind() {
    String address = System.getProperty("azure.behind");
    if (address == null) {
      return new AzureFiles();
    }
    ForwardedAzure behind = new ForwardedAzure(URI.create(address));
    behind.makeContainer(CONTAINER);
    return behind;
  }

  @BeforeAll
  void start() {
    store = new GuardedAzure(behind());
    server =
        LocalServers.start(
            directory.resolve("data"),
            Map.of(
                "POLDER_WAREHOUSE_LOCATION",
                ROOT + "some/warehouse",
                "POLDER_WAREHOUSE_AZURE_ACCOUNT_KEY",
                GuardedAzure.KEY,
                "POLDER_WAREHOUSE_AZURE_ENDPOINT",
                store.endpoint()));
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

  private static Map<String, String> signature(Table table) {
    return GuardedAzure.query(table.io().properties().get("adls.sas-token." + HOST));
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

  private Warehouse warehouse(String key) {
    return Warehouse.open(
        ROOT + "some/warehouse",
        new StoreSettings(
            new S3Settings(
                Optional.empty(), "us-east-1", Optional.empty(), false, Optional.empty()),
            new GcsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            new AzureSettings(
                Optional.of(store.endpoint()), Optional.of(Secret.of(key)), Duration.ofHours(1))));
  }

  @Test
  void what_the_collector_lists_it_can_delete() {
    shop.execute("CREATE TABLE gone (id BIGINT)");
    shop.execute("INSERT INTO gone VALUES (1)");
    String file = IcebergCatalogs.anyFile(load("gone")).location();
    try (Warehouse warehouse = warehouse(GuardedAzure.KEY)) {
      assertThat(warehouse.list()).extracting(StoredFile::path).contains(file);
      warehouse.io().deleteFile(file);
      assertThat(warehouse.list()).extracting(StoredFile::path).doesNotContain(file);
      assertThat(warehouse.io().newInputFile(file).exists()).isFalse();
    }
  }

  @Test
  void another_spelling_of_the_warehouse_is_no_place_outside_of_it() {
    try (Warehouse warehouse = warehouse(GuardedAzure.KEY)) {
      Warehouse open =
          warehouse.with(
              new ExternalLocations(List.of("abfss://", "abfs://", "wasbs://", "abfss://else@x")));
      String path = "some/warehouse/acme/1/t/data/x.parquet";
      for (String alias :
          List.of(
              ROOT,
              ROOT.replace("abfss", "abfs"),
              ROOT.replace("devstore", "DevStore"),
              ROOT.replace("abfss", "wasbs").replace(".dfs.", ".blob."))) {
        assertThat(open.isExternal(alias + path)).as(alias).isFalse();
      }
    }
  }

  @Test
  void files_of_another_account_are_not_asked_for_with_the_servers_key() {
    try (Warehouse warehouse = warehouse(GuardedAzure.KEY)) {
      String other = "abfss://lake@other.dfs.core.windows.net/x";
      assertThatThrownBy(() -> warehouse.io().newInputFile(other))
          .hasMessageContaining("other.dfs.core.windows.net cannot be reached");
      assertThatThrownBy(() -> warehouse.io().deleteFile(other))
          .hasMessageContaining("other.dfs.core.windows.net cannot be reached");
    }
  }

  @Test
  void an_engine_makes_writes_and_reads_a_table_with_the_signature_it_was_given() {
    Table table = catalog.createTable(TableIdentifier.of(MAIN, "orders"), IcebergCatalogs.ORDERS);
    table.newAppend().appendFile(IcebergCatalogs.write(table, 0, 10)).commit();
    assertThat(LocalServers.value(shop, "SELECT sum(id) FROM orders")).isEqualTo("45");
    shop.execute("INSERT INTO orders VALUES (100, 'x')");
    assertThat(VendedCredentialsTest.sum(load("orders"))).isEqualTo(145);
    assertThat(store.denials()).noneMatch(denial -> denial.contains(path(table.location())));
    int depth = path(table.location()).split("/", -1).length;
    assertThat(signature(table))
        .containsEntry("sr", "d")
        .containsEntry("sdd", Integer.toString(depth))
        .containsEntry("sp", "rcl");
    assertThat(table.io().properties())
        .containsKey("adls.sas-token-expires-at-ms." + HOST)
        .hasEntrySatisfying(
            "adls.refresh-credentials-endpoint",
            it -> assertThat(it).endsWith("/tables/orders/credentials"))
        .doesNotContainValue(GuardedAzure.KEY);
  }

  @Test
  void a_file_in_several_parts_needs_no_more_than_to_be_created() {
    Table table = catalog.createTable(TableIdentifier.of(MAIN, "large"), IcebergCatalogs.ORDERS);
    byte[] part = new byte[1 << 20];
    Arrays.fill(part, (byte) 7);
    String path = table.location() + "/data/large.bin";
    ADLSFileIO files = new ADLSFileIO();
    files.initialize(with(table, Map.of("adls.write.block-size-bytes", "1048576")));
    try (files;
        OutputStream out = files.newOutputFile(path).create()) {
      for (int i = 0; i < 5; i++) {
        out.write(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(table.io().newInputFile(path).getLength()).isEqualTo(5L << 20);
  }

  private static Map<String, String> with(Table table, Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(table.io().properties());
    properties.putAll(more);
    return properties;
  }

  /** Iceberg's own client of Azure takes no credentials from a plan: other ones do. */
  @Test
  void a_scan_that_the_server_plans_comes_with_a_signature_for_its_files()
      throws IOException, InterruptedException {
    shop.execute("CREATE TABLE planned (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO planned VALUES (1, 'a'), (2, 'b')");
    String path =
        "/api/catalog/v1/" + catalog.properties().get("prefix") + "/namespaces/main/tables/planned";
    JsonNode plan = asked(path + "/plan", HttpRequest.BodyPublishers.ofString("{}"));
    JsonNode renewed = asked(path + "/credentials", null);
    String file = plan.at("/file-scan-tasks/0/data-file/file-path").asText();
    for (JsonNode answer : List.of(plan, renewed)) {
      JsonNode keys = answer.path("storage-credentials");
      assertThat(keys).hasSize(1);
      assertThat(file).startsWith(keys.at("/0/prefix").asText());
      Map<String, String> config = new HashMap<>();
      keys.at("/0/config")
          .properties()
          .forEach(it -> config.put(it.getKey(), it.getValue().asText()));
      assertThat(config).containsKey("adls.refresh-credentials-endpoint");
      config.remove("adls.refresh-credentials-endpoint");
      ADLSFileIO files = new ADLSFileIO();
      files.initialize(config);
      try (files;
          InputStream in = files.newInputFile(file).newStream()) {
        assertThat(in.readNBytes(4)).asString().isEqualTo("PAR1");
      }
    }
  }

  private JsonNode asked(String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.endpoints().http().resolve(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("X-Iceberg-Access-Delegation", "vended-credentials");
    if (body != null) {
      request.POST(body);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return new ObjectMapper().readTree(answer.body());
    }
  }

  @Test
  void a_signature_creates_files_and_neither_replaces_nor_deletes_nor_lists_others() {
    shop.execute("CREATE TABLE t1 (id BIGINT)");
    shop.execute("CREATE TABLE t10 (id BIGINT)");
    shop.execute("INSERT INTO t1 VALUES (1)");
    shop.execute("INSERT INTO t10 VALUES (10)");
    Table one = load("t1");
    Table ten = load("t10");
    String mine = IcebergCatalogs.anyFile(one).location();
    put(one, one.location() + "/data/new.parquet");
    assertThatThrownBy(() -> put(one, mine)).hasStackTraceContaining("PermissionMismatch");
    one.io().deleteFile(mine);
    assertThat(one.io().newInputFile(mine).exists()).isTrue();
    for (String path :
        List.of(
            IcebergCatalogs.anyFile(ten).location(),
            one.location() + "0/data/x.parquet",
            one.location().substring(0, one.location().length() - 1) + "?/data/x.parquet")) {
      assertThatThrownBy(() -> one.io().newInputFile(path).newStream().read())
          .as(path)
          .isInstanceOf(RuntimeException.class);
      assertThatThrownBy(() -> put(one, path)).as(path).isInstanceOf(Exception.class);
    }
    ADLSFileIO files = (ADLSFileIO) one.io();
    assertThat(files.listPrefix(one.location() + "/data")).isNotEmpty();
    for (String prefix : List.of(ten.location(), ROOT + "some/warehouse", ROOT)) {
      assertThatThrownBy(() -> files.listPrefix(prefix).iterator().hasNext())
          .as(prefix)
          .hasStackTraceContaining("PermissionMismatch");
    }
  }

  @Test
  void a_clone_whose_files_lie_elsewhere_is_refused_until_they_are_copied() throws IOException {
    shop.execute("CREATE TABLE cloned (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO cloned VALUES (1, 'a'), (2, 'b')");
    admin.execute("CLONE DATABASE acme_copy FROM acme_shop");
    try (RESTCatalog clones =
        IcebergCatalogs.delegated(server, "acme_copy", token, "vended-credentials", FILES)) {
      TableIdentifier name = TableIdentifier.of(MAIN, "cloned");
      assertThatThrownBy(() -> clones.loadTable(name))
          .hasMessageContaining("2 places")
          .hasMessageContaining("MATERIALIZE");
      admin.execute("ALTER DATABASE acme_copy MATERIALIZE");
      assertThat(VendedCredentialsTest.sum(clones.loadTable(name))).isEqualTo(3);
    }
  }

  @Test
  void who_may_only_read_gets_a_signature_that_creates_nothing() throws IOException {
    shop.execute("CREATE TABLE shown (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO shown VALUES (7, 'a')");
    admin.execute("CREATE USER reader PASSWORD '" + StoreServers.PASSWORD + "' TENANT acme");
    shop.execute("GRANT SELECT ON shown TO USER reader");
    String theirs = StoreServers.token(server, "reader", "acme_shop");
    try (RESTCatalog reading =
        IcebergCatalogs.delegated(server, "acme_shop", theirs, "vended-credentials", FILES)) {
      Table table = reading.loadTable(TableIdentifier.of(MAIN, "shown"));
      assertThat(VendedCredentialsTest.sum(table)).isEqualTo(7);
      assertThat(signature(table)).containsEntry("sp", "rl");
      assertThatThrownBy(() -> put(table, table.location() + "/data/new.parquet"))
          .hasStackTraceContaining("PermissionMismatch");
    }
  }

  @Test
  void a_signature_is_given_again_while_it_lasts() {
    shop.execute("CREATE TABLE kept (id BIGINT)");
    assertThat(signature(load("kept"))).isEqualTo(signature(load("kept")));
  }

  @Test
  void requests_are_not_signed_and_the_answer_says_what_to_ask_for() throws IOException {
    shop.execute("CREATE TABLE unsigned (id BIGINT)");
    try (RESTCatalog signing =
        IcebergCatalogs.delegated(server, "acme_shop", token, "remote-signing", FILES)) {
      assertThatThrownBy(() -> signing.loadTable(TableIdentifier.of(MAIN, "unsigned")))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("'X-Iceberg-Access-Delegation: vended-credentials'");
    }
  }

  private static String path(String location) {
    return location.substring(ROOT.length());
  }

  private static void put(Table table, String path) {
    try (OutputStream out = table.io().newOutputFile(path).createOrOverwrite()) {
      out.write(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
