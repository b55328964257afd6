package dev.polder.engine.manifest;

import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.engine.source.SourceInput;
import dev.polder.engine.source.SourceService;
import dev.polder.engine.source.SourceService.Scope;
import dev.polder.federation.Connectors;
import dev.polder.federation.PathRoots;
import dev.polder.metastore.source.SourceSecret;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.Secret;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane as a document: what leaves, what comes back, and what never does. */
final class ManifestTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Connectors NONE = new Connectors(List.of(), new PathRoots(List.of()));
  private static final String PASSWORD = "another long password";

  private EngineHarness engine;
  private Session admin;
  private Identity superuser;
  private ManifestService manifests;
  private SourceService sources;
  private Scope scope;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    superuser = login("admin", EngineHarness.ADMIN_PASSWORD);
    manifests = engine.engine().manifests(NONE, (name, reference) -> {});
    sources = engine.engine().sources(NONE, (name, reference) -> {});
    scope = new Scope(superuser, "acme", "acme_shop");
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE acme_shop FOR TENANT acme");
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "CREATE USER bob PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "CREATE ROLE reader TENANT acme");
    run(admin, "CREATE GROUP staff TENANT acme");
    run(admin, "GRANT ROLE reader TENANT acme TO USER ann");
    run(admin, "GRANT GROUP staff TENANT acme TO USER bob");
    Session shop = engine.admin("acme", "acme_shop");
    run(shop, "CREATE TABLE orders (id BIGINT, note VARCHAR)");
    run(shop, "GRANT SELECT ON orders TO ROLE reader");
    run(shop, "GRANT SELECT (note) ON TABLE orders TO USER bob");
    run(shop, "CREATE ROW FILTER mine ON orders FOR ROLE reader USING (id > 1)");
    run(shop, "CREATE COLUMN MASK hidden ON orders (note) USING (NULL)");
    source("fedpg", "ATTACH 'host=h password={{secret.PWD}}' AS {{alias}} (TYPE postgres)");
    sources.putSecret(scope, "fedpg", "PWD", Optional.of(Secret.of("hunter2")), Optional.empty());
    sources.putSecret(
        scope, "fedpg", "REF", Optional.empty(), Optional.of("vault:secret/data/a#b"));
    run(shop, "GRANT SELECT ON fedpg.public.orders TO ROLE reader");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private Identity login(String user, String password) {
    return engine.authenticator().password(user, Secret.of(password), "test");
  }

  private void source(String alias, String sql) {
    sources.put(
        scope,
        alias,
        new SourceInput(
            Optional.empty(),
            false,
            Optional.of(sql),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private ObjectNode export() {
    return manifests.export(superuser, false);
  }

  private ObjectNode imported(ObjectNode manifest, boolean prune) {
    return manifests.importFrom(superuser, manifest, prune, false);
  }

  private static List<String> changes(ObjectNode report) {
    List<String> changes = new ArrayList<>();
    for (JsonNode change : report.path("changes")) {
      changes.add(change.path("change").asText() + " " + change.path("path").asText());
    }
    return changes;
  }

  private static ObjectNode named(JsonNode list, String name) {
    for (JsonNode item : list) {
      if (item.path("name").asText().equals(name)
          || item.path("alias").asText().equals(name)
          || item.path("tenant").asText().equals(name)) {
        return (ObjectNode) item;
      }
    }
    throw new AssertionError("there is no " + name);
  }

  private static ObjectNode space(ObjectNode manifest) {
    return named(named(manifest.path("databases"), "acme_shop").path("spaces"), "acme");
  }

  private static ObjectNode fedpg(ObjectNode manifest) {
    return named(space(manifest).path("sources"), "fedpg");
  }

  private Optional<SourceSecret> secret(String name) {
    return engine
        .metastore()
        .read(tx -> {
          SpaceKey space =
              new SpaceKey(
                  tx.databases().get(new DatabaseName("acme_shop")).id(), new TenantId("acme"));
          return tx.sources()
              .find(space, new SourceAlias("fedpg"))
              .flatMap(source -> tx.sources().secret(source.id(), name));
        });
  }

  @Test
  void whatIsImportedAsItWasExportedChangesNothing() throws Exception {
    ObjectNode before = export();
    byte[] bytes = JSON.writeValueAsBytes(before);
    for (boolean prune : new boolean[] {false, true}) {
      ObjectNode report = imported(before, prune);
      assertThat(changes(report)).isEmpty();
      assertThat(report.path("skipped")).isEmpty();
      assertThat(JSON.writeValueAsBytes(export())).isEqualTo(bytes);
    }
  }

  @Test
  void secretsAndHashesDoNotLeave() {
    String text = export().toString();
    assertThat(text)
        .doesNotContain("hunter2")
        .doesNotContain("$argon2")
        .contains("\"value\":\"***REDACTED***\"")
        .contains("\"externalRef\":\"vault:secret/data/a#b\"");
    assertThat(manifests.export(superuser, true).toString())
        .contains("$argon2id$")
        .doesNotContain("hunter2");
  }

  @Test
  void grantsPoliciesAndMembershipsAreNamed() {
    ObjectNode manifest = export();
    assertThat(named(manifest.path("roles"), "reader").path("grants").toString())
        .isEqualTo(
            "[{\"database\":\"acme_shop\",\"tenant\":\"acme\",\"source\":\"fedpg\","
                + "\"schema\":\"public\",\"table\":\"orders\",\"privileges\":[\"SELECT\"]},"
                + "{\"database\":\"acme_shop\",\"tenant\":\"acme\",\"schema\":\"main\","
                + "\"table\":\"orders\",\"privileges\":[\"SELECT\"]}]");
    assertThat(named(manifest.path("users"), "bob").path("grants").get(0).path("column").asText())
        .isEqualTo("note");
    assertThat(named(manifest.path("groups"), "staff").path("members").toString())
        .isEqualTo("[\"bob\"]");
    assertThat(named(space(manifest).path("policies"), "mine").path("role").asText())
        .isEqualTo("reader");
    assertThat(named(space(manifest).path("policies"), "hidden").path("column").asText())
        .isEqualTo("note");
  }

  @Test
  void whatIsMissingIsMadeAgain() {
    ObjectNode manifest = manifests.export(superuser, true);
    Session shop = engine.admin("acme", "acme_shop");
    run(shop, "DROP ROW FILTER mine ON orders");
    run(shop, "DROP COLUMN MASK hidden ON orders");
    run(shop, "REVOKE SELECT ON orders FROM ROLE reader");
    run(admin, "DROP GROUP staff TENANT acme");
    run(admin, "DROP USER bob");
    sources.deleteSecret(scope, "fedpg", "REF");
    assertThat(changes(imported(manifest, false)))
        .containsExactlyInAnyOrder(
            "add databases/acme_shop/spaces/acme/policies/mine@main.orders",
            "add databases/acme_shop/spaces/acme/policies/hidden@main.orders",
            "add roles/reader@acme/grants/acme@main.orders",
            "add groups/staff@acme",
            "add users/bob@acme",
            "add databases/acme_shop/spaces/acme/sources/fedpg/secrets/REF");
    assertThat(manifests.export(superuser, true)).isEqualTo(manifest);
    assertThat(login("bob", PASSWORD).name().value()).isEqualTo("bob");
  }

  @Test
  void anEmptyServerBecomesTheOther(@TempDir Path other) {
    ObjectNode manifest = manifests.export(superuser, true);
    fedpg(manifest)
        .withArray("secrets")
        .removeAll()
        .addObject()
        .put("name", "PWD")
        .put("value", "x");
    try (EngineHarness second = new EngineHarness(other)) {
      Identity boss =
          second.authenticator().password("admin", Secret.of(EngineHarness.ADMIN_PASSWORD), "test");
      ManifestService there = second.engine().manifests(NONE, (name, reference) -> {});
      ObjectNode report = there.importFrom(boss, manifest, true, false);
      assertThat(report.path("skipped").toString())
          .contains("there is no acme_shop.main.orders")
          .contains("there is no table main.orders")
          .contains("there is no acme_shop.main.orders.note");
      ObjectNode result = there.export(boss, true);
      assertThat(fedpg(result).path("secrets").toString())
          .isEqualTo("[{\"name\":\"PWD\",\"value\":\"***REDACTED***\"}]");
      assertThat(named(result.path("users"), "ann"))
          .isEqualTo(named(manifest.path("users"), "ann"));
      assertThat(result.path("tenants")).isEqualTo(manifest.path("tenants"));
    }
  }

  @Test
  void aRedactedSecretReusesWhatIsStored() {
    Optional<SourceSecret> before = secret("PWD");
    ObjectNode manifest = export();
    fedpg(manifest).put("description", "changed");
    assertThat(changes(imported(manifest, false)))
        .containsExactly("add databases/acme_shop/spaces/acme/sources/fedpg/description");
    assertThat(secret("PWD")).isEqualTo(before);
    fedpg(manifest).withArray("secrets").addObject().put("name", "NEW");
    assertThatThrownBy(() -> imported(manifest, false))
        .hasMessage(
            "databases/acme_shop/spaces/acme/sources/fedpg/secrets/NEW: no existing value to"
                + " reuse; provide value or externalRef");
  }

  @Test
  void aSecretThatIsGivenIsStored() {
    Optional<SourceSecret> before = secret("PWD");
    ObjectNode manifest = export();
    named(fedpg(manifest).path("secrets"), "PWD").put("value", "hunter3");
    assertThat(changes(imported(manifest, false)))
        .containsExactly("change databases/acme_shop/spaces/acme/sources/fedpg/secrets/PWD");
    assertThat(secret("PWD")).isNotEqualTo(before);
    assertThat(export().toString()).doesNotContain("hunter3");
  }

  @Test
  void sourcesThatAreNotNamedStayUnlessPruned() {
    source("other", "ATTACH ':memory:' AS {{alias}}");
    ObjectNode manifest = export();
    space(manifest).withArray("sources").remove(1);
    assertThat(changes(imported(manifest, false))).isEmpty();
    assertThat(changes(imported(manifest, true)))
        .containsExactly("remove databases/acme_shop/spaces/acme/sources/other");
    assertThat(sources.list(scope)).hasSize(1);
  }

  @Test
  void principalsThatAreNotNamedStayUnlessPruned() {
    ObjectNode manifest = export();
    run(admin, "CREATE USER eve PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "CREATE ROLE writer TENANT acme");
    run(admin, "CREATE GROUP guests TENANT acme");
    assertThat(changes(imported(manifest, false))).isEmpty();
    assertThat(changes(imported(manifest, true)))
        .containsExactlyInAnyOrder(
            "remove users/eve@acme", "remove roles/writer@acme", "remove groups/guests@acme");
  }

  @Test
  void aDryRunTellsAndChangesNothing() {
    ObjectNode before = export();
    ObjectNode manifest = before.deepCopy();
    named(manifest.path("users"), "ann").put("disabled", true);
    ObjectNode report = manifests.importFrom(superuser, manifest, false, true);
    assertThat(report.path("dryRun").asBoolean()).isTrue();
    assertThat(changes(report)).containsExactly("change users/ann@acme/disabled");
    assertThat(export()).isEqualTo(before);
  }

  @Test
  void aFaultAnywhereChangesNothing() {
    ObjectNode before = export();
    ObjectNode manifest = before.deepCopy();
    manifest.withArray("tenants").addObject().put("name", "globex");
    named(manifest.path("users"), "ann").put("kind", "robot");
    refused(ErrorCode.INVALID_MANIFEST, () -> imported(manifest, false));
    assertThat(export()).isEqualTo(before);
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    ObjectNode manifest = export();
    manifest.put("apiVersion", "polder/v2");
    refused(ErrorCode.INVALID_MANIFEST, () -> imported(manifest, false));
    manifest.put("apiVersion", "polder/v1");
    manifest.put("pools", "x");
    refused(ErrorCode.INVALID_MANIFEST, () -> imported(manifest, false));
    manifest.remove("pools");
    manifest.withArray("tenants").addObject().put("name", "acme");
    refused(ErrorCode.INVALID_MANIFEST, () -> imported(manifest, false));
  }

  @Test
  void onlySuperusersMay() {
    run(admin, "GRANT ROLE tenant_admin TO USER ann");
    Identity ann = login("ann", PASSWORD);
    ObjectNode manifest = export();
    refused(ErrorCode.ACCESS_DENIED, () -> manifests.export(ann, false));
    refused(ErrorCode.ACCESS_DENIED, () -> manifests.importFrom(ann, manifest, false, true));
  }

  @Test
  void bothAreToldToTheTrail() {
    manifests.export(superuser, true);
    imported(export(), false);
    List<Object> events = EngineHarness.column(admin, "SHOW AUDIT LIMIT 5", "event_type");
    assertThat(events).contains("manifest_exported", "manifest_imported");
  }
}
