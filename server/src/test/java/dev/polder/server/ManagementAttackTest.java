package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators of other tenants, and those who administer nothing, try. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ManagementAttackTest {
  @TempDir static Path directory;
  private ManagementServer at;
  private ManagementClient mallory;

  @BeforeAll
  void start() {
    at = new ManagementServer(directory.resolve("data"));
    at.admin.execute("CREATE USER mallory PASSWORD 'correct horse battery' TENANT acme");
    mallory = at.client(at.token("mallory"), "");
    at.chief.principal("victim");
    at.chief.principalRole("staff");
    at.chief.catalogRole("shop", "reading");
    at.rival.principalRole("theirs");
    at.rival.catalogRole("elsewhere", "theirs");
  }

  @AfterAll
  void stop() throws IOException {
    at.close();
  }

  @Test
  void another_tenants_administrator_finds_nothing_here() {
    ManagementClient rival = at.rival;
    assertThat(rival.get("/principals").is(200).names("principals")).doesNotContain("victim");
    assertThat(rival.get("/principal-roles").is(200).names("roles")).containsExactly("theirs");
    assertThat(rival.get("/catalogs").is(200).names("catalogs")).doesNotContain("shop");
    String update = "{'currentEntityVersion':1,'properties':{}}";
    for (String path :
        List.of(
            "/principals/victim",
            "/principal-roles/staff",
            "/catalogs/shop",
            "/catalogs/shop/catalog-roles/reading")) {
      rival.get(path).is(404);
      rival.put(path, update).is(404);
      int dropped = rival.delete(path).status();
      assertThat(dropped).as(path).isIn(403, 404);
    }
    rival.post("/principals/victim/rotate", "").is(404);
    rival.post("/principals/victim/reset", "").is(404);
    rival.get("/principals/victim/principal-roles").is(404);
    rival.assign("victim", "theirs").is(404);
    rival.assign("theirs", "shop", "reading").is(404);
    rival.get("/catalogs/shop/catalog-roles").is(404);
    rival.post("/catalogs/shop/catalog-roles", "{'catalogRole':{'name':'x'}}").is(404);
    rival.grant("shop", "reading", "TABLE_READ_DATA catalog").is(404);
    at.chief.get("/principals/victim").is(200);
    at.chief.get("/catalogs/shop/catalog-roles/reading").is(200);
  }

  @Test
  void nobody_enters_another_tenants_realm_but_the_servers_own() {
    for (String realm : List.of("acme", "nowhere", "POLARIS", "..", "acme/x")) {
      at.rival.in(realm).get("/principals").is(404);
    }
    at.rival.in("other").get("/principals").is(200);
    assertThat(at.ofAdmin.in("other").get("/principals").is(200).names("principals"))
        .contains("rival")
        .doesNotContain("chief");
    at.ofAdmin.in("nowhere").get("/principals").is(404);
  }

  @Test
  void whoever_administers_nothing_changes_nothing() {
    assertThat(mallory.get("/principals").is(200).names("principals")).containsExactly("mallory");
    mallory.get("/principals/victim").is(403);
    mallory.get("/principals/mallory").is(200);
    mallory.get("/principal-roles").is(403);
    mallory.post("/principals", "{'principal':{'name':'x'}}").is(403);
    mallory.post("/principal-roles", "{'principalRole':{'name':'x'}}").is(403);
    mallory.post("/catalogs", "{'catalog':{'name':'x','properties':{}}}").is(403);
    mallory.post("/principals/victim/reset", "").is(403);
    mallory.post("/principals/mallory/reset", "").is(403);
    mallory.assign("mallory", "staff").is(403);
    mallory.get("/catalogs/shop").is(404);
    assertThat(mallory.grant("shop", "reading", "TABLE_READ_DATA catalog").status()).isIn(403, 404);
    mallory.put("/principals/mallory", "{'currentEntityVersion':1,'properties':{'a':'b'}}").is(403);
  }

  @Test
  void a_tenants_administrator_gives_no_role_of_the_server_and_makes_no_catalog() {
    for (String role : List.of("cluster_admin", "tenant_admin")) {
      at.chief.assign("victim", role).is(403);
      at.chief.post("/principal-roles", "{'principalRole':{'name':'" + role + "'}}").is(400);
      at.chief.get("/principal-roles/" + role).is(404);
      assertThat(at.ofAdmin.delete("/principal-roles/" + role).status()).isIn(400, 404);
      assertThat(at.ofAdmin.assign(role, "shop", "reading").status()).isIn(400, 404);
    }
    at.chief.post("/catalogs", "{'catalog':{'name':'mine','properties':{}}}").is(403);
    at.chief.delete("/catalogs/shop").is(403);
    at.chief.put("/catalogs/shop", "{'currentEntityVersion':1,'properties':{}}").is(403);
    TwoServers.refused(
        "INVALID_PARAMETER",
        () -> at.inShop.execute("GRANT ROLE tenant_admin TENANT acme TO ROLE staff"));
    TwoServers.refused(
        "INVALID_PARAMETER",
        () -> at.inShop.execute("GRANT ROLE staff TENANT acme TO ROLE cluster_admin"));
  }

  @Test
  void a_catalogs_role_has_nothing_in_another_catalog() {
    at.admin.execute("CREATE DATABASE second FOR TENANT acme");
    at.chief.catalogRole("second", "reading");
    at.chief.catalogRole("second", "bound");
    TwoServers.refused(
        "INVALID_PARAMETER",
        () -> at.inShop.execute("GRANT SELECT ON orders TO ROLE second.bound"));
    TwoServers.refused(
        "INVALID_PARAMETER",
        () -> at.inShop.execute("GRANT DATABASE_READER ON DATABASE shop TO ROLE second.bound"));
    TwoServers.refused(
        "INVALID_PARAMETER",
        () -> at.inShop.execute("GRANT ROLE shop.reading TENANT acme TO ROLE second.bound"));
    TwoServers.refused(
        "INVALID_PARAMETER",
        () -> at.inShop.execute("GRANT ROLE staff TENANT acme TO ROLE second.bound"));
    TwoServers.refused(
        "INVALID_PARAMETER",
        () ->
            at.inShop.execute(
                "CREATE ROW FILTER f ON orders FOR ROLE second.bound USING (id = 1)"));
    // The name alone is no catalog's role.
    TwoServers.refused(
        "ROLE_NOT_FOUND", () -> at.inShop.execute("GRANT SELECT ON orders TO ROLE bound"));
    at.chief.grant("second", "bound", "TABLE_READ_DATA table main orders").is(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a%2Fb", "..%2Fx", "a%00b", "a%20b", "a%3Fb", "system$x", "%2e%2e", "a'b"})
  void names_that_none_can_have_are_refused(String name) {
    for (String list : List.of("/principals/", "/principal-roles/", "/catalogs/")) {
      assertThat(at.chief.get(list + name.replace("'", "%27")).status())
          .as(list + name)
          .isIn(400, 404);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'principal':{}}",
        "{'principal':'x'}",
        "{'principal':{'name':7}}",
        "{'principal':{'name':'a/b'}}",
        "{'principal':{'name':'.'}}",
        "{'principal':{'name':' a'}}",
        "{'principal':{'name':''}}",
        "{'principal':{'name':'x','admin':true}}",
        "{'principal':{'name':'x','properties':{'a':1}}}",
        "{'principal':{'name':'x','properties':{'':'b'}}}",
        "{'principal':{'name':'x','properties':{'a':'\\u0000'}}}",
        "{'principal':{'name':'x','federated':true}}",
        "{'principal':{'name':'x'},'superuser':true}",
        "{'principal':{'name':'x'}",
        "[]"
      })
  void a_body_that_is_not_one_is_refused_and_makes_nobody(String body) {
    at.chief.post("/principals", body).is(400);
    at.chief.get("/principals/x").is(404);
  }

  @Test
  void a_body_that_is_too_large_is_refused() {
    String large = "{'principal':{'name':'x','properties':{'a':'" + "y".repeat(40 << 20) + "'}}}";
    assertThat(at.chief.post("/principals", large).status()).isIn(400, 413);
    StringBuilder many = new StringBuilder("{'principal':{'name':'x','properties':{'k':'v'");
    for (int i = 0; i < 200; i++) {
      many.append(",'k").append(i).append("':'v'");
    }
    at.chief.post("/principals", many + "}}}").is(400);
    at.chief.get("/principals/x").is(404);
  }

  @Test
  void without_a_login_there_is_nothing() {
    at.client("nonsense", "").get("/catalogs").is(401);
  }
}
