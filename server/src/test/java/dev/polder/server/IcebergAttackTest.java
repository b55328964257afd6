package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.Secret;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.Target;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What principals with few rights try through the Iceberg REST catalog. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IcebergAttackTest {
  private static final Namespace MAIN = Namespace.of("main");
  private static final TableIdentifier SECRET = TableIdentifier.of(MAIN, "secret");
  private static final TableIdentifier OWN = TableIdentifier.of(Namespace.of("mallory"), "own");

  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient admin;
  private RESTCatalog ofAdmin;
  private RESTCatalog ofMallory;
  private String malloryToken;
  private Table secret;
  private String secretFile;

  @BeforeAll
  void start() throws IOException {
    server = LocalServers.start(directory.resolve("data"), Map.of());
    admin = LocalServers.admin(server);
    admin.execute("CREATE TENANT acme");
    admin.execute("CREATE TENANT other");
    admin.execute("CREATE DATABASE shop FOR TENANT acme");
    admin.execute("CREATE DATABASE elsewhere FOR TENANT other");
    admin.execute("CREATE USER mallory PASSWORD 'correct horse battery' TENANT acme");
    try (PolderClient inShop =
        new PolderClient(
            new Target(server.endpoints().http(), "shop", "acme"),
            new Credentials.UserPassword("admin", Secret.of(LocalServers.ADMIN_PASSWORD)))) {
      inShop.login();
      inShop.openSession();
      inShop.execute("CREATE TABLE secret (id BIGINT NOT NULL, item VARCHAR)");
      inShop.execute("INSERT INTO secret VALUES (1, 'nobody knows')");
      inShop.execute("CREATE TABLE filtered (id BIGINT NOT NULL, item VARCHAR)");
      inShop.execute("GRANT ALL ON TABLE filtered TO USER mallory");
      inShop.execute("CREATE ROW FILTER few ON filtered USING (id < 3)");
      inShop.execute("CREATE VIEW over_filtered AS SELECT id FROM filtered");
      inShop.execute("CREATE VIEW over_view AS SELECT max(id) AS id FROM over_filtered");
      inShop.execute("CREATE TABLE readable (id BIGINT NOT NULL, item VARCHAR)");
      inShop.execute("CREATE VIEW over_readable AS SELECT id FROM readable");
      inShop.execute(
          "CREATE VIEW over_subquery AS SELECT id FROM readable WHERE id IN (SELECT id FROM"
              + " filtered)");
      for (String view : List.of("over_filtered", "over_view", "over_readable", "over_subquery")) {
        inShop.execute("GRANT SELECT ON TABLE " + view + " TO USER mallory");
      }
      inShop.execute("INSERT INTO readable VALUES (1, 'x'), (2, 'y')");
      inShop.execute("GRANT SELECT ON TABLE readable TO USER mallory");
      inShop.execute("CREATE TABLE growing (id BIGINT NOT NULL, item VARCHAR)");
      inShop.execute("INSERT INTO growing VALUES (1, 'x'), (2, 'y')");
      inShop.execute("GRANT SELECT, INSERT ON TABLE growing TO USER mallory");
      inShop.execute("CREATE SCHEMA mallory");
      inShop.execute("GRANT ALL ON SCHEMA mallory TO USER mallory");
    }
    String adminToken = TwoServers.text(admin.execute("CREATE TOKEN engines"), "token");
    try (PolderClient mallory =
        LocalServers.session(server, "mallory", "correct horse battery", "shop")) {
      malloryToken = TwoServers.text(mallory.execute("CREATE TOKEN engines"), "token");
    }
    ofAdmin = IcebergCatalogs.open(server, "acme@shop", adminToken);
    ofMallory = IcebergCatalogs.open(server, "shop", malloryToken);
    ofMallory.createTable(OWN, IcebergCatalogs.ORDERS);
    secret = ofAdmin.loadTable(SECRET);
    secretFile = IcebergCatalogs.anyFile(secret).location();
  }

  @AfterAll
  void stop() throws IOException {
    ofAdmin.close();
    ofMallory.close();
    admin.close();
    server.close();
  }

  @Test
  void a_table_without_a_grant_is_not_there() {
    assertThat(ofMallory.listTables(MAIN)).doesNotContain(SECRET);
    assertThat(ofMallory.tableExists(SECRET)).isFalse();
    assertThatThrownBy(() -> ofMallory.loadTable(SECRET)).isInstanceOf(NoSuchTableException.class);
    assertThat(ofMallory.dropTable(SECRET)).isFalse();
    assertThat(ofAdmin.tableExists(SECRET)).isTrue();
    assertThatThrownBy(
            () -> ofMallory.renameTable(SECRET, TableIdentifier.of(OWN.namespace(), "s")))
        .isInstanceOf(NoSuchTableException.class);
  }

  @Test
  void who_is_under_a_row_filter_gets_no_file() {
    TableIdentifier filtered = TableIdentifier.of(MAIN, "filtered");
    assertThatThrownBy(() -> ofMallory.loadTable(filtered))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("row filter or mask");
    assertThat(ofMallory.tableExists(filtered)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"over_filtered", "over_view", "over_subquery"})
  void who_is_under_a_row_filter_gets_no_view_over_it(String view) {
    assertThatThrownBy(() -> ofMallory.loadView(TableIdentifier.of(MAIN, view)))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("filtered, on which a row filter or mask holds for you");
    assertThat(ofMallory.viewExists(TableIdentifier.of(MAIN, view))).isTrue();
  }

  @Test
  void a_view_over_what_is_seen_as_a_whole_is_given() {
    assertThat(ofMallory.loadView(TableIdentifier.of(MAIN, "over_readable")).sqlFor("duckdb").sql())
        .contains("readable");
  }

  @Test
  void reading_gives_no_right_to_write() {
    Table readable = ofMallory.loadTable(TableIdentifier.of(MAIN, "readable"));
    DataFile file = IcebergCatalogs.write(readable, 5, 6);
    assertThatThrownBy(() -> readable.newAppend().appendFile(file).commit())
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("INSERT");
    assertThatThrownBy(() -> readable.updateProperties().set("a", "b").commit())
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("ALTER");
    assertThatThrownBy(() -> readable.updateSchema().deleteColumn("item").commit())
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> ofMallory.dropTable(TableIdentifier.of(MAIN, "readable")))
        .isInstanceOf(ForbiddenException.class);
  }

  @Test
  void appending_gives_no_right_to_delete_whatever_it_is_called() {
    Table growing = ofMallory.loadTable(TableIdentifier.of(MAIN, "growing"));
    growing.newAppend().appendFile(IcebergCatalogs.write(growing, 5, 6)).commit();
    DataFile old = IcebergCatalogs.anyFile(growing);
    DataFile instead = IcebergCatalogs.write(growing, 8, 9);
    assertThatThrownBy(() -> growing.newOverwrite().deleteFile(old).addFile(instead).commit())
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("DELETE");
    assertThatThrownBy(() ->
            growing
                .manageSnapshots()
                .rollbackTo(growing.history().getFirst().snapshotId())
                .commit())
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("DELETE");
    assertThatThrownBy(() -> growing.manageSnapshots().createBranch("b").commit())
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("ALTER");
  }

  @Test
  void another_tables_file_cannot_be_taken_into_ones_own() throws IOException {
    long bytes = Files.size(Path.of(secretFile));
    Table own = ofMallory.loadTable(OWN);
    List<String> spellings =
        List.of(
            secretFile,
            "file:" + secretFile,
            "file://" + secretFile,
            own.location()
                + "/../"
                + Path.of(secretFile).getParent().getParent().getFileName()
                + "/data/"
                + Path.of(secretFile).getFileName(),
            own.location() + "/data/./../../" + Path.of(secretFile).getFileName(),
            own.location() + "//" + Path.of(secretFile).getFileName(),
            own.location() + "1/data/x.parquet",
            "/etc/passwd",
            "passwd");
    for (String spelling : spellings) {
      DataFile stolen = IcebergCatalogs.entry(spelling, bytes);
      assertThatThrownBy(() -> own.newAppend().appendFile(stolen).commit())
          .as(spelling)
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> own.newAppend().appendFile(stolen).toBranch("side").commit())
          .as(spelling + " on a branch")
          .isInstanceOf(IllegalArgumentException.class);
    }
    own.refresh();
    assertThat(own.snapshots()).isEmpty();
  }

  @Test
  void a_file_that_is_not_there_is_not_committed() {
    Table own = ofMallory.loadTable(OWN);
    DataFile missing = IcebergCatalogs.entry(own.location() + "/data/none.parquet", 10);
    assertThatThrownBy(() -> own.newAppend().appendFile(missing).commit())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not there");
  }

  @Test
  void another_tables_version_cannot_be_registered() {
    String file = ((BaseTable) secret).operations().current().metadataFileLocation();
    for (String location :
        List.of(file, "file:" + file, "/etc/passwd", file + "/../" + Path.of(file).getFileName())) {
      assertThatThrownBy(
              () -> ofMallory.registerTable(TableIdentifier.of(OWN.namespace(), "taken"), location))
          .as(location)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_table_goes_where_the_server_puts_it() {
    for (String location :
        List.of(secret.location(), secret.location() + "/x", "/tmp/x", "s3://bucket/x")) {
      TableIdentifier name =
          TableIdentifier.of(OWN.namespace(), "t" + Integer.toHexString(location.hashCode()));
      Table made =
          ofMallory.buildTable(name, IcebergCatalogs.ORDERS).withLocation(location).create();
      assertThat(made.location()).doesNotStartWith(location);
      assertThatThrownBy(() -> made.updateLocation().setLocation(location).commit())
          .isInstanceOf(IllegalArgumentException.class);
      for (String property :
          List.of("write.data.path", "write.metadata.path", "write.object-storage.path")) {
        assertThatThrownBy(() -> made.updateProperties().set(property, location).commit())
            .as(property)
            .isInstanceOf(IllegalArgumentException.class);
      }
      var staged =
          ofMallory
              .buildTable(
                  TableIdentifier.of(
                      OWN.namespace(), "s" + Integer.toHexString(location.hashCode())),
                  IcebergCatalogs.ORDERS)
              .createTransaction();
      staged.updateLocation().setLocation(location).commit();
      assertThatThrownBy(staged::commitTransaction).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gc.enabled", "write.metadata.delete-after-commit.enabled"})
  void engines_cannot_be_told_to_delete(String property) {
    Table own = ofMallory.loadTable(OWN);
    assertThatThrownBy(() -> own.updateProperties().set(property, "true").commit())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stays false");
  }

  static Stream<String> prefixes() {
    return Stream.of(
        "elsewhere",
        "other@elsewhere",
        "other@shop",
        "~1024~other",
        "~1025~other",
        "~1025~acme",
        "~1024~",
        "~~",
        "~99999999999999999999~acme",
        "nosuch",
        "..",
        "acme@shop/..",
        "'; --",
        "\u0000",
        "shop\r\nX: y",
        "*",
        "%");
  }

  @ParameterizedTest
  @MethodSource("prefixes")
  void a_space_that_is_not_ones_own_does_not_exist(String prefix) throws Exception {
    HttpResponse<String> reply =
        send("/v1/" + URLEncoder.encode(prefix, StandardCharsets.UTF_8) + "/namespaces", "GET", "");
    assertThat(reply.statusCode()).isBetween(400, 404);
    assertThat(reply.body()).doesNotContain("\"namespaces\"");
    assertThat(
            send(
                    "/v1/config?warehouse=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8),
                    "GET",
                    "")
                .statusCode())
        .isBetween(400, 404);
  }

  static Stream<String> bodies() {
    return Stream.of(
        "",
        "null",
        "[]",
        "{}",
        "{\"name\":null}",
        "{\"name\":\"x\",\"name\":\"y\"}",
        "{\"name\":\"x\",\"schema\":{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"a\","
            + "\"required\":true,\"type\":\"nosuch\"}]}}",
        "{\"name\":\"x\",\"schema\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
        "{\"name\":\"" + "x".repeat(1_000) + "\",\"schema\":{\"type\":\"struct\",\"fields\":[]}}",
        "{\"name\":\"a\\u0000b\",\"schema\":{\"type\":\"struct\",\"fields\":[]}}",
        "{\"name\":\"x\",\"schema\":{\"type\":\"struct\",\"fields\":[]}} trailing",
        "not json");
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void a_broken_body_is_a_bad_request(String body) throws Exception {
    for (String path :
        List.of(
            "/v1/shop/namespaces",
            "/v1/shop/namespaces/mallory/tables",
            "/v1/shop/namespaces/mallory/views",
            "/v1/shop/namespaces/mallory/register",
            "/v1/shop/namespaces/mallory/tables/own/metrics",
            "/v1/shop/namespaces/mallory/tables/own/tasks",
            "/v1/shop/tables/rename",
            "/v1/shop/transactions/commit")) {
      HttpResponse<String> reply = send(path, "POST", body);
      assertThat(reply.statusCode()).as(path + " " + reply.body()).isBetween(400, 422);
      assertThat(reply.body()).contains("\"type\"").doesNotContain("at dev.polder");
    }
  }

  @Test
  void a_revoked_token_ends_at_once() throws Exception {
    try (PolderClient mallory =
        LocalServers.session(server, "mallory", "correct horse battery", "shop")) {
      QueryResult made = mallory.execute("CREATE TOKEN brief");
      String token = TwoServers.text(made, "token");
      assertThat(send("/v1/config?warehouse=shop", "GET", "", token).statusCode()).isEqualTo(200);
      mallory.execute("REVOKE TOKEN '" + TwoServers.text(made, "id") + "'");
      assertThat(send("/v1/config?warehouse=shop", "GET", "", token).statusCode()).isEqualTo(401);
    }
  }

  private HttpResponse<String> send(String path, String method, String body) throws Exception {
    return send(path, method, body, malloryToken);
  }

  private HttpResponse<String> send(String path, String method, String body, String token)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.endpoints().http() + "/api/catalog" + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }
}
