package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said in SQL about sources: grants, policies and which there are. */
final class SourceGrantsTest {
  private static final String PASSWORD = "another long password";

  private EngineHarness engine;
  private Session admin;
  private Session shop;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    for (String tenant : List.of("acme", "globex")) {
      run(admin, "CREATE TENANT " + tenant);
      run(admin, "CREATE DATABASE " + tenant + "_shop FOR TENANT " + tenant);
      run(admin, "CREATE USER " + tenant + "_ann PASSWORD '" + PASSWORD + "' TENANT " + tenant);
      run(
          admin,
          "GRANT SELECT ON DATABASE "
              + tenant
              + "_shop TENANT "
              + tenant
              + " TO USER "
              + tenant
              + "_ann");
    }
    run(admin, "CREATE USER boss PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT ROLE tenant_admin TO USER boss");
    attach("acme", "fedpg");
    shop = engine.admin("acme", "acme_shop");
    run(shop, "CREATE TABLE orders (id BIGINT)");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void grantsOnSourcesAreShownByTheirNames() {
    run(shop, "GRANT SELECT ON fedpg.public.orders TO USER acme_ann");
    run(shop, "GRANT SELECT (Id) ON TABLE FedPG.Public.Customers TO USER acme_ann");
    run(shop, "GRANT INSERT ON SCHEMA fedpg.sales TO USER acme_ann");
    run(shop, "GRANT UPDATE ON fedpg.hr TO USER acme_ann");
    run(shop, "GRANT DELETE ON SOURCE fedpg TO USER acme_ann");
    assertThat(grants())
        .containsExactlyInAnyOrder(
            "SELECT fedpg.public.orders null",
            "SELECT fedpg.public.customers id",
            "INSERT fedpg.sales null",
            "UPDATE fedpg.hr null",
            "DELETE fedpg null");
    run(shop, "REVOKE SELECT ON fedpg.public.orders FROM USER acme_ann");
    run(shop, "REVOKE DELETE ON fedpg FROM USER acme_ann");
    assertThat(grants()).hasSize(3);
  }

  @Test
  void allIsReadingAndWritingAndNothingElseCanBeGranted() {
    run(shop, "GRANT ALL ON fedpg TO USER acme_ann");
    assertThat(grants())
        .containsExactlyInAnyOrder(
            "SELECT fedpg null", "INSERT fedpg null", "UPDATE fedpg null", "DELETE fedpg null");
    refused(
        ErrorCode.NOT_SUPPORTED, () -> run(shop, "GRANT CREATE ON fedpg.public TO USER acme_ann"));
    refused(
        ErrorCode.NOT_SUPPORTED, () -> run(shop, "GRANT SELECT, DROP ON fedpg TO USER acme_ann"));
    refused(ErrorCode.SYNTAX_ERROR, () -> run(shop, "GRANT SELECT (a) ON fedpg TO USER acme_ann"));
  }

  @Test
  void aNameThatCouldMeanTwoThingsIsRefused() {
    attach("acme", "orders");
    refused(ErrorCode.AMBIGUOUS_NAME, () -> run(shop, "GRANT SELECT ON orders TO USER acme_ann"));
    run(shop, "GRANT SELECT ON SOURCE orders TO USER acme_ann");
    run(shop, "GRANT INSERT ON TABLE orders TO USER acme_ann");
    assertThat(grants()).containsExactlyInAnyOrder("SELECT orders null", "INSERT main.orders null");
    assertThatThrownBy(() -> run(shop, "GRANT SELECT ON TABLE fedpg.orders TO USER acme_ann"))
        .hasMessage(
            "ambiguous two-part name 'fedpg.orders': 'fedpg' is a source; qualify fully as"
                + " 'fedpg.<schema>.orders'");
  }

  @Test
  void unqualifiedNamesGoWhereTheSessionsDo() {
    run(admin, "CREATE DATABASE acme_fed FOR TENANT acme");
    DatabaseName name = new DatabaseName("acme_fed");
    engine
        .metastore()
        .write(tx -> {
          tx.databases()
              .setDefaults(
                  tx.databases().find(name).orElseThrow().id(),
                  Optional.of("fedpg"),
                  Optional.of("public"));
          return true;
        });
    attach("acme_fed", "acme", "fedpg");
    Session fed = engine.admin("acme", "acme_fed");
    run(fed, "GRANT SELECT ON orders TO USER acme_ann");
    run(fed, "GRANT INSERT ON SCHEMA sales TO USER acme_ann");
    run(fed, "GRANT UPDATE ON sales.x TO USER acme_ann");
    assertThat(grants())
        .containsExactlyInAnyOrder(
            "SELECT fedpg.public.orders null",
            "INSERT fedpg.sales null",
            "UPDATE fedpg.sales.x null");
  }

  @Test
  void onlyAnAdministratorOfTheTenantGrantsAndOtherTenantsSeeNothing() {
    Session boss = engine.open("boss", PASSWORD, "acme_shop");
    run(boss, "GRANT SELECT ON fedpg TO USER acme_ann");
    Session ann = engine.open("acme_ann", PASSWORD, "acme_shop");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "GRANT SELECT ON fedpg TO USER acme_ann"));
    Session other = engine.open("globex_ann", PASSWORD, "globex_shop");
    assertThat(run(other, "SHOW SOURCES")).isEmpty();
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(other, "SHOW SOURCES IN DATABASE acme_shop"));
    refused(
        ErrorCode.SOURCE_NOT_FOUND,
        () -> run(other, "GRANT SELECT ON SOURCE fedpg TO USER globex_ann"));
    refused(
        ErrorCode.INVALID_PARAMETER, () -> run(shop, "GRANT SELECT ON fedpg TO USER globex_ann"));
  }

  @Test
  void sourcesAreShownToWhoHoldsSomethingInThem() {
    attach("acme", "other");
    Session ann = engine.open("acme_ann", PASSWORD, "acme_shop");
    assertThat(run(ann, "SHOW SOURCES")).isEmpty();
    run(shop, "GRANT SELECT ON fedpg.public.orders TO USER acme_ann");
    assertThat(run(ann, "SHOW SOURCES"))
        .containsExactly(row("fedpg", "postgres", true, false, null));
    assertThat(column(engine.open("boss", PASSWORD, "acme_shop"), "SHOW SOURCES", "alias"))
        .containsExactly("fedpg", "other");
    assertThat(column(admin, "SHOW SOURCES", "alias")).isEmpty();
  }

  @Test
  void policiesOnTablesOfSourcesAreMadeReplacedShownAndDropped() {
    run(shop, "CREATE ROW FILTER mine ON fedpg.public.orders USING (owner = current_user)");
    run(shop, "CREATE OR REPLACE ROW FILTER mine ON fedpg.Public.Orders USING (a > 1)");
    run(shop, "CREATE COLUMN MASK m ON fedpg.public.orders (Name) USING ('***')");
    run(shop, "CREATE ROW FILTER own ON orders USING (id > 1)");
    assertThat(
            run(shop, "SHOW POLICIES").stream()
                .map(row ->
                    row.get("schema")
                        + " "
                        + row.get("table")
                        + " "
                        + row.get("column")
                        + " "
                        + row.get("expression"))
                .toList())
        .containsExactlyInAnyOrder(
            "main orders null id > 1",
            "fedpg.public orders null a > 1",
            "fedpg.public orders name '***'");
    assertThat(run(shop, "SHOW POLICIES ON fedpg.public.orders")).hasSize(2);
    run(shop, "DROP COLUMN MASK m ON fedpg.public.orders");
    run(shop, "DROP ROW FILTER mine ON fedpg.public.orders");
    run(shop, "DROP ROW FILTER IF EXISTS mine ON fedpg.public.orders");
    assertThat(run(shop, "SHOW POLICIES")).hasSize(1);
    refused(
        ErrorCode.POLICY_NOT_FOUND, () -> run(shop, "DROP ROW FILTER mine ON fedpg.public.orders"));
  }

  @Test
  void whatIsNoExpressionOrNotAllowedIsNoPolicyAndOthersMakeNone() {
    refused(
        ErrorCode.FUNCTION_NOT_ALLOWED,
        () -> run(shop, "CREATE ROW FILTER f ON fedpg.public.orders USING (getenv('HOME') = 'x')"));
    Session ann = engine.open("acme_ann", PASSWORD, "acme_shop");
    run(shop, "GRANT SELECT ON fedpg TO USER acme_ann");
    refused(
        ErrorCode.ACCESS_DENIED,
        () -> run(ann, "CREATE ROW FILTER f ON fedpg.public.orders USING (true)"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SHOW POLICIES ON fedpg.public.orders"));
  }

  private List<String> grants() {
    return run(admin, "SHOW GRANTS FOR USER acme_ann").stream()
        .filter(row -> row.get("object") != null)
        .map(row ->
            row.get("privilege")
                + " "
                + (row.get("schema") == null ? "" : row.get("schema") + ".")
                + row.get("object")
                + " "
                + row.get("column"))
        .toList();
  }

  private static Map<String, Object> row(
      String alias, String kind, boolean readOnly, boolean disabled, Object description) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("alias", alias);
    row.put("kind", kind);
    row.put("read_only", readOnly);
    row.put("disabled", disabled);
    row.put("description", description);
    return row;
  }

  private void attach(String tenant, String alias) {
    attach(tenant + "_shop", tenant, alias);
  }

  private void attach(String database, String tenant, String alias) {
    engine
        .metastore()
        .write(tx -> {
          var id = tx.databases().find(new DatabaseName(database)).orElseThrow().id();
          return tx.sources()
              .put(
                  new SpaceKey(id, new TenantId(tenant)),
                  SourceDefinition.ofConnector(
                      new SourceAlias(alias), "postgres", Map.of("host", "nowhere"), true),
                  Optional.empty());
        });
  }
}
