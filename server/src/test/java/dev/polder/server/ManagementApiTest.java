package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.Secret;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.client.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.rest.RESTCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The management API over HTTP beside SQL and Iceberg's own client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagementApiTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of(Namespace.of("main"), "orders");
  private static final TableIdentifier SECRET = TableIdentifier.of(Namespace.of("main"), "secret");

  @TempDir static Path directory;
  private ManagementServer at;
  private ManagementClient chief;

  @BeforeAll
  final void start() throws IOException {
    at = new ManagementServer(server(directory));
    chief = at.chief;
  }

  /** What the server needed is needed no more. */
  void stopped() throws IOException {}

  /** A server without any data. */
  RunningServer server(Path directory) throws IOException {
    return LocalServers.start(directory.resolve("data"), Map.of());
  }

  @AfterAll
  final void stop() throws IOException {
    at.close();
    stopped();
  }

  @Test
  void a_principal_reads_what_its_roles_catalog_role_may_and_nothing_after_the_revoke()
      throws IOException {
    JsonNode made =
        chief
            .post("/principals", "{'principal':{'name':'spark','properties':{'team':'etl'}}}")
            .is(201)
            .body();
    assertThat(made.at("/principal/name").asText()).isEqualTo("spark");
    assertThat(made.at("/principal/clientId").asText())
        .isNotEmpty()
        .isEqualTo(made.at("/credentials/clientId").asText());
    assertThat(made.at("/credentials/clientSecret").asText()).isNotEmpty();
    chief.principalRole("engineers");
    chief.catalogRole("shop", "reading");
    chief.grant("shop", "reading", "TABLE_READ_DATA table main orders").is(201);
    chief.assign("engineers", "shop", "reading").is(201);
    chief.assign("spark", "engineers").is(201);
    assertThat(chief.get("/principals/spark/principal-roles").is(200).names("roles"))
        .containsExactly("engineers");
    assertThat(chief.get("/principal-roles/engineers/principals").names("principals"))
        .containsExactly("spark");
    assertThat(chief.get("/principal-roles/engineers/catalog-roles/shop").names("roles"))
        .containsExactly("reading");
    assertThat(chief.get("/catalogs/shop/catalog-roles/reading/principal-roles").names("roles"))
        .containsExactly("engineers");

    String token = at.token("spark");
    try (RESTCatalog catalog = IcebergCatalogs.open(at.server, "shop", token)) {
      assertThat(catalog.listTables(Namespace.of("main"))).containsExactly(ORDERS);
      assertThat(catalog.loadTable(ORDERS).currentSnapshot()).isNotNull();
      assertThatThrownBy(() -> catalog.loadTable(SECRET)).isInstanceOf(NoSuchTableException.class);
      assertThatThrownBy(() -> catalog.dropTable(ORDERS)).isInstanceOf(ForbiddenException.class);

      chief.delete("/principal-roles/engineers/catalog-roles/shop/reading").is(204);
      assertThatThrownBy(() -> catalog.loadTable(ORDERS)).isInstanceOf(RESTException.class);
      chief.delete("/principal-roles/engineers/catalog-roles/shop/reading").is(404);
    }
    chief.delete("/principals/spark/principal-roles/engineers").is(204);
    chief.delete("/principals/spark/principal-roles/engineers").is(404);
    chief.delete("/principal-roles/engineers").is(204);
    chief.get("/principal-roles/engineers").is(404);
    chief.delete("/catalogs/shop/catalog-roles/reading").is(204);
    chief.delete("/principals/spark").is(204);
    assertThat(chief.get("/principals/spark").is(404).type()).isEqualTo("NotFoundException");
  }

  @Test
  void what_sql_grants_is_shown_in_the_other_words_and_the_other_way_round() {
    chief.catalogRole("shop", "both");
    at.inShop.execute("GRANT SELECT ON orders TO ROLE shop.both");
    assertThat(chief.grants("shop", "both")).containsExactly("TABLE_READ_DATA table main orders");
    at.inShop.execute("GRANT RW ON orders TO ROLE shop.both");
    assertThat(chief.grants("shop", "both"))
        .containsExactly("TABLE_READ_DATA table main orders", "TABLE_WRITE_DATA table main orders");
    at.inShop.execute("REVOKE INSERT ON orders FROM ROLE shop.both");
    assertThat(chief.grants("shop", "both")).containsExactly("TABLE_READ_DATA table main orders");

    chief.grant("shop", "both", "CATALOG_MANAGE_METADATA namespace main").is(201);
    QueryResult shown = at.inShop.execute("SHOW GRANTS FOR ROLE shop.both");
    assertThat(shown.rows())
        .extracting(row -> row.get(1).asText() + " " + row.get(2).asText())
        .contains("shop.both CREATE", "shop.both ALTER", "shop.both DROP");
    assertThat(chief.grants("shop", "both"))
        .contains("CATALOG_MANAGE_METADATA namespace main", "TABLE_CREATE namespace main");
    chief.revoke("shop", "both", "CATALOG_MANAGE_METADATA namespace main").is(201);
    chief.revoke("shop", "both", "TABLE_READ_DATA table main orders").is(201);
    assertThat(chief.grants("shop", "both")).isEmpty();

    at.inShop.execute("GRANT DATABASE_READER ON DATABASE shop TO ROLE shop.both");
    assertThat(chief.grants("shop", "both")).containsExactly("TABLE_READ_DATA catalog");
    assertThat(chief.revoke("shop", "both", "TABLE_READ_DATA catalog").is(400).error())
        .contains("REVOKE DATABASE_READER ON DATABASE shop FROM ROLE shop.both");
    chief.delete("/catalogs/shop/catalog-roles/both").is(204);
  }

  @ParameterizedTest
  @CsvSource({
    "CATALOG_MANAGE_CONTENT catalog",
    "CATALOG_MANAGE_CONTENT namespace main",
    "CATALOG_MANAGE_METADATA catalog",
    "NAMESPACE_CREATE catalog",
    "TABLE_CREATE namespace main",
    "VIEW_CREATE namespace main",
    "TABLE_READ_DATA catalog",
    "TABLE_READ_DATA namespace main",
    "TABLE_WRITE_DATA table main orders",
    "TABLE_DROP table main orders",
    "TABLE_WRITE_PROPERTIES table main orders",
    "TABLE_FULL_METADATA table main orders",
    "VIEW_DROP view main few",
    "VIEW_WRITE_PROPERTIES view main few",
    "VIEW_FULL_METADATA view main few"
  })
  void what_was_granted_is_listed_until_it_is_revoked(String grant) {
    String role = "r" + Integer.toHexString(grant.hashCode());
    chief.catalogRole("shop", role);
    chief.grant("shop", role, grant).is(201);
    chief.grant("shop", role, grant).is(201);
    assertThat(chief.grants("shop", role)).contains(grant);
    chief.revoke("shop", role, grant).is(201);
    assertThat(chief.grants("shop", role)).isEmpty();
    chief.delete("/catalogs/shop/catalog-roles/" + role).is(204);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TABLE_ADD_SNAPSHOT table main orders   | TABLE_WRITE_DATA
          TABLE_SET_LOCATION table main orders   | TABLE_WRITE_PROPERTIES
          TABLE_READ_PROPERTIES table main orders| TABLE_READ_DATA
          TABLE_LIST namespace main              | any privilege
          VIEW_READ_PROPERTIES view main few     | SELECT
          POLICY_CREATE namespace main           | SQL
          CATALOG_MANAGE_ACCESS catalog          | tenant_admin
          CATALOG_WRITE_PROPERTIES catalog       | DATABASE_OWNER
          TABLE_DROP namespace main              | CATALOG_MANAGE_METADATA
          NAMESPACE_DROP namespace main          | CATALOG_MANAGE_METADATA
          TABLE_WRITE_PROPERTIES catalog         | CATALOG_MANAGE_METADATA
          TABLE_READ_DATA view main few          | view
          NO_SUCH_THING catalog                  | MANAGEMENT-API
          """)
  void what_cannot_be_kept_apart_is_refused_with_the_nearest(String grant, String nearest) {
    String role = "n" + Integer.toHexString(grant.hashCode());
    chief.catalogRole("shop", role);
    assertThat(chief.grant("shop", role, grant).is(400).error()).contains(nearest);
    assertThat(chief.grants("shop", role)).isEmpty();
    chief.delete("/catalogs/shop/catalog-roles/" + role).is(204);
  }

  @Test
  void a_revoke_that_cascades_takes_what_is_below() {
    chief.catalogRole("shop", "deep");
    chief.grant("shop", "deep", "TABLE_READ_DATA catalog").is(201);
    chief.grant("shop", "deep", "TABLE_WRITE_DATA table main orders").is(201);
    chief.revoke("shop", "deep", "TABLE_READ_DATA catalog").is(201);
    assertThat(chief.grants("shop", "deep")).contains("TABLE_WRITE_DATA table main orders");
    chief
        .post(
            "/catalogs/shop/catalog-roles/deep/grants?cascade=true",
            "{'grant':{'type':'catalog','privilege':'TABLE_READ_DATA'}}")
        .is(201);
    assertThat(chief.grants("shop", "deep")).isEmpty();
    chief.delete("/catalogs/shop/catalog-roles/deep").is(204);
  }

  @Test
  void properties_change_from_the_newest_version_only() {
    chief.principal("kept");
    JsonNode first = chief.get("/principals/kept").is(200).body();
    String version = first.get("entityVersion").asText();
    String update = "{'currentEntityVersion':" + version + ",'properties':{'a':'b'}}";
    JsonNode second = chief.put("/principals/kept", update).is(200).body();
    assertThat(second.at("/properties/a").asText()).isEqualTo("b");
    assertThat(second.get("entityVersion").asLong()).isGreaterThan(Long.parseLong(version));
    assertThat(chief.put("/principals/kept", update).is(409).type())
        .isEqualTo("CommitConflictException");
    chief.put("/principals/kept", "{'properties':{}}").is(400);
    chief
        .put(
            "/principals/kept",
            "{'currentEntityVersion':2,'properties':{'a':'" + "x".repeat(5000) + "'}}")
        .is(400);

    chief.principalRole("kept_role");
    chief.put("/principal-roles/kept_role", update).is(version.equals("1") ? 200 : 409);
    chief.put("/principal-roles/kept_role", update).is(409);
    chief.catalogRole("shop", "kept_role");
    chief.put("/catalogs/shop/catalog-roles/kept_role", update).is(200);
    chief.put("/catalogs/shop/catalog-roles/kept_role", update).is(409);
    chief.delete("/catalogs/shop/catalog-roles/kept_role").is(204);
    assertThat(chief.get("/principal-roles").is(200).names("roles")).contains("kept_role");
    chief.delete("/principal-roles/kept_role").is(204);
    chief.delete("/principals/kept").is(204);
  }

  @Test
  void a_catalog_is_a_database_with_a_part_of_the_tenant() {
    ManagementClient admin = at.ofAdmin;
    String body =
        "{'catalog':{'type':'INTERNAL','name':'lab','properties':{'owner':'x',"
            + "'default-base-location':''},'storageConfigInfo':{'storageType':'FILE'}}}";
    JsonNode made = admin.post("/catalogs", body).is(201).body();
    assertThat(made.at("/properties/owner").asText()).isEqualTo("x");
    assertThat(made.at("/storageConfigInfo/storageType").asText()).isEqualTo("FILE");
    String place = made.at("/properties/default-base-location").asText();
    assertThat(place).contains("/acme/");
    assertThat(admin.post("/catalogs", body).is(409).type()).isEqualTo("AlreadyExistsException");
    assertThat(admin.get("/catalogs").is(200).names("catalogs")).contains("shop", "lab");
    assertThat(chief.get("/catalogs").is(200).names("catalogs"))
        .contains("shop", "lab")
        .doesNotContain("elsewhere");

    String version = made.get("entityVersion").asText();
    admin
        .put(
            "/catalogs/lab",
            "{'currentEntityVersion':"
                + version
                + ",'properties':{'owner':'y','default-base-location':'"
                + place
                + "'}}")
        .is(200);
    admin.put("/catalogs/lab", "{'currentEntityVersion':" + version + ",'properties':{}}").is(409);
    for (String refused :
        List.of(
            "{'catalog':{'type':'EXTERNAL','name':'ext','properties':{},'storageConfigInfo':{'storageType':'FILE'}}}",
            "{'catalog':{'name':'Upper','properties':{}}}",
            "{'catalog':{'name':'a/b','properties':{}}}",
            "{'catalog':{'name':'foreign','properties':{'default-base-location':'s3://mine/x'}}}",
            "{'catalog':{'name':'foreign','properties':{'default-base-location':'/etc'}}}",
            "{'catalog':{'name':'foreign','storageConfigInfo':{'storageType':'S3','roleArn':'x'}}}",
            "{'catalog':{'name':'foreign','storageConfigInfo':{'storageType':'S3'}}}",
            "{'catalog':{'name':'foreign','storageConfigInfo':{'storageType':'FILE','allowedLocations':['/tmp']}}}")) {
      admin.post("/catalogs", refused).is(400);
    }
    admin.delete("/catalogs/shop").is(409);
    admin.delete("/catalogs/lab").is(204);
    admin.get("/catalogs/lab").is(404);
  }

  @Test
  void a_catalog_role_follows_its_database_through_renames_clones_and_drops() {
    at.admin.execute("CREATE DATABASE old FOR TENANT acme");
    chief.catalogRole("old", "here");
    try (var session = at.session("old", "acme")) {
      session.execute("CREATE TABLE t (id INTEGER)");
      session.execute("GRANT SELECT ON t TO ROLE old.here");
    }
    chief.principalRole("clones");
    chief.assign("clones", "old", "here").is(201);
    at.admin.execute("ALTER DATABASE old RENAME TO fresh");
    assertThat(chief.grants("fresh", "here")).containsExactly("TABLE_READ_DATA table main t");
    chief.get("/catalogs/old/catalog-roles/here").is(404);

    at.admin.execute("CLONE DATABASE copy FROM fresh");
    assertThat(chief.grants("copy", "here")).containsExactly("TABLE_READ_DATA table main t");
    assertThat(chief.get("/catalogs/copy/catalog-roles/here/principal-roles").names("roles"))
        .containsExactly("clones");
    chief.delete("/catalogs/copy/catalog-roles/here").is(204);
    assertThat(chief.grants("fresh", "here")).containsExactly("TABLE_READ_DATA table main t");
    at.admin.execute("DROP DATABASE copy CASCADE");

    at.admin.execute("DROP DATABASE fresh CASCADE");
    chief.get("/catalogs/fresh/catalog-roles/here").is(404);
    assertThat(chief.get("/principal-roles/clones/catalog-roles/shop").names("roles")).isEmpty();
    at.admin.execute("UNDROP DATABASE fresh");
    assertThat(chief.get("/principal-roles/clones/catalog-roles/fresh").names("roles"))
        .containsExactly("here");
    at.admin.execute("DROP DATABASE fresh CASCADE");
  }

  @Test
  void a_client_with_its_credential_reads_by_iceberg_and_by_sql_until_the_revoke()
      throws IOException {
    JsonNode made = chief.post("/principals", "{'principal':{'name':'robot'}}").is(201).body();
    chief.principalRole("robots");
    chief.principalRole("idle");
    chief.catalogRole("shop", "robots_here");
    chief.grant("shop", "robots_here", "TABLE_READ_DATA table main orders").is(201);
    chief.assign("robots", "shop", "robots_here").is(201);
    chief.assign("robot", "robots").is(201);
    chief.assign("robot", "idle").is(201);
    String id = made.at("/credentials/clientId").asText();
    String secret = made.at("/credentials/clientSecret").asText();
    try (RESTCatalog catalog = new RESTCatalog()) {
      catalog.initialize(
          "polder",
          Map.of(
              "uri", at.server.endpoints().http() + "/api/catalog",
              "warehouse", "shop",
              "credential", id + ":" + secret,
              "scope", "PRINCIPAL_ROLE:robots",
              "io-impl", "dev.polder.lake.io.LocalFileIO"));
      assertThat(catalog.listTables(Namespace.of("main"))).containsExactly(ORDERS);
      assertThat(catalog.loadTable(ORDERS).currentSnapshot()).isNotNull();
      assertThatThrownBy(() -> catalog.loadTable(SECRET)).isInstanceOf(NoSuchTableException.class);
      String token = at.chief.token(id, secret, "PRINCIPAL_ROLE:ALL").orElseThrow();
      assertThat(count(token)).contains("2");
      String idle = at.chief.token(id, secret, "PRINCIPAL_ROLE:idle").orElseThrow();
      assertThat(count(idle)).isEmpty();
      assertThat(at.chief.token(id, secret, "PRINCIPAL_ROLE:robots_here")).isEmpty();

      chief.revoke("shop", "robots_here", "TABLE_READ_DATA table main orders").is(201);
      assertThatThrownBy(() -> catalog.loadTable(ORDERS)).isInstanceOf(RESTException.class);
      assertThat(count(token)).isEmpty();
    }
  }

  /** What a client with the token counts in the table; empty when it is refused. */
  private Optional<String> count(String token) {
    try (var client =
        new PolderClient(
            new Target(at.server.endpoints().http(), "shop", null),
            new Credentials.Token(Secret.of(token)))) {
      client.openSession();
      return Optional.of(LocalServers.value(client, "SELECT count(*) FROM orders"));
    } catch (ServerFailure refused) {
      assertThat(refused.code()).isEqualTo("ACCESS_DENIED");
      return Optional.empty();
    }
  }

  @Test
  void a_secret_that_must_be_rotated_is_good_for_nothing_else() {
    JsonNode made =
        chief
            .post(
                "/principals",
                "{'principal':{'name':'fresh_one'},'credentialRotationRequired':true}")
            .is(201)
            .body();
    String id = made.at("/credentials/clientId").asText();
    String secret = made.at("/credentials/clientSecret").asText();
    String token = chief.token(id, secret, "PRINCIPAL_ROLE:ALL").orElseThrow();
    ManagementClient self = at.client(token, "");
    self.get("/principals/fresh_one").is(403);
    self.get("/catalogs").is(403);
    self.post("/principals/chief/rotate", "").is(403);
    String second =
        self.post("/principals/fresh_one/rotate", "")
            .is(200)
            .body()
            .at("/credentials/clientSecret")
            .asText();
    self.get("/principals/fresh_one").is(401);
    assertThat(chief.token(id, secret, "PRINCIPAL_ROLE:ALL")).isEmpty();
    String whole = chief.token(id, second, "PRINCIPAL_ROLE:ALL").orElseThrow();
    at.client(whole, "").get("/principals/fresh_one").is(200);
    chief.post("/principals/fresh_one/reset", "").is(200);
    at.client(whole, "").get("/principals/fresh_one").is(401);
    chief.delete("/principals/fresh_one").is(204);
  }

  @Test
  void a_catalog_role_moves_along_with_its_tenant() {
    at.admin.execute("CREATE TENANT mover");
    at.admin.execute("CREATE DATABASE home FOR TENANT mover");
    at.admin.execute("CREATE DATABASE away FOR TENANT other");
    ManagementClient mover = at.ofAdmin.in("mover");
    mover.catalogRole("home", "here");
    mover.principalRole("people");
    mover.assign("people", "home", "here").is(201);
    mover.grant("home", "here", "TABLE_CREATE namespace main").is(201);
    mover.grant("home", "here", "TABLE_READ_DATA catalog").is(201);
    Set<String> before = mover.grants("home", "here");
    at.admin.execute("MOVE TENANT mover FROM home TO away");
    assertThat(mover.grants("away", "here")).isEqualTo(before).hasSize(4);
    assertThat(mover.get("/principal-roles/people/catalog-roles/away").names("roles"))
        .containsExactly("here");
    mover.get("/catalogs/home/catalog-roles/here").is(404);
    assertThat(at.rival.get("/catalogs/away/catalog-roles").is(200).names("roles")).isEmpty();
  }

  @Test
  void copies_of_a_database_give_a_catalogs_role_to_nobody_of_its_name() {
    at.admin.execute("CREATE DATABASE origin FOR TENANT acme");
    chief.catalogRole("origin", "namesake");
    chief.principalRole("namesake");
    chief.principalRole("holder");
    chief.assign("holder", "origin", "namesake").is(201);
    try (var session = at.session("origin", "acme")) {
      session.execute("CREATE TABLE t (id INTEGER)");
      session.execute("GRANT SELECT ON t TO ROLE origin.namesake");
    }
    at.admin.execute("MIRROR DATABASE image FROM origin");
    Awaitility.await()
        .atMost(TwoServers.LONG)
        .untilAsserted(() ->
            assertThat(chief.grants("image", "namesake"))
                .containsExactly("TABLE_READ_DATA table main t"));
    assertThat(chief.get("/catalogs/image/catalog-roles/namesake/principal-roles").names("roles"))
        .isEmpty();
    at.admin.execute("BACKUP DATABASE origin TO 'roles'");
    at.admin.execute("RESTORE DATABASE again FROM 'roles'");
    assertThat(chief.get("/catalogs/again/catalog-roles").is(200).names("roles")).isEmpty();
    assertThat(at.inShop.execute("SHOW GRANTS FOR ROLE namesake").rows()).isEmpty();
  }

  @Test
  void roles_hold_roles_at_any_depth_and_never_in_a_circle() {
    at.inShop.execute("CREATE USER deep PASSWORD 'correct horse battery' TENANT acme");
    for (int i = 0; i < 6; i++) {
      at.inShop.execute("CREATE ROLE level" + i + " TENANT acme");
      if (i > 0) {
        at.inShop.execute("GRANT ROLE level" + i + " TENANT acme TO ROLE level" + (i - 1));
      }
    }
    at.inShop.execute("GRANT SELECT ON orders TO ROLE level5");
    at.inShop.execute("GRANT ROLE level0 TO USER deep");
    try (var deep = LocalServers.session(at.server, "deep", "correct horse battery", "shop")) {
      assertThat(LocalServers.value(deep, "SELECT count(*) FROM orders")).isEqualTo("2");
      for (String circle : Set.of("level0", "level5")) {
        TwoServers.refused(
            "ROLE_CYCLE",
            () -> at.inShop.execute("GRANT ROLE level0 TENANT acme TO ROLE " + circle));
      }
      at.inShop.execute("REVOKE ROLE level3 TENANT acme FROM ROLE level2");
      TwoServers.refused("ACCESS_DENIED", () -> deep.execute("SELECT count(*) FROM orders"));
      at.inShop.execute("GRANT ROLE level3 TENANT acme TO ROLE level2");
      assertThat(LocalServers.value(deep, "SELECT count(*) FROM orders")).isEqualTo("2");
      at.inShop.execute("DROP ROLE level2 TENANT acme");
      TwoServers.refused("ACCESS_DENIED", () -> deep.execute("SELECT count(*) FROM orders"));
    }
  }

  @Test
  void a_secret_is_given_once_and_again_when_it_is_rotated_or_reset() {
    JsonNode made = chief.post("/principals", "{'principal':{'name':'rotating'}}").is(201).body();
    JsonNode reset = chief.send("POST", "/principals/rotating/reset", "").is(200).body();
    assertThat(reset.at("/credentials/clientId")).isEqualTo(made.at("/credentials/clientId"));
    assertThat(reset.at("/credentials/clientSecret"))
        .isNotEqualTo(made.at("/credentials/clientSecret"));
    assertThat(chief.get("/principals/rotating").body().toString())
        .doesNotContain(reset.at("/credentials/clientSecret").asText());
    assertThat(chief.post("/principals/rotating/rotate", "").is(200).body().toString())
        .contains("clientSecret");
    chief.post("/principals/rotating/reset", "{'clientSecret':'mine'}").is(400);
    at.admin.execute("CREATE USER plain PASSWORD 'correct horse battery' TENANT acme");
    assertThat(chief.get("/principals/plain").is(200).body().has("clientId")).isFalse();
    chief.post("/principals/plain/reset", "").is(200);
    assertThat(chief.get("/principals").is(200).names("principals"))
        .contains("chief", "plain", "rotating")
        .doesNotContain("rival");
    chief.delete("/principals/rotating").is(204);
  }
}
