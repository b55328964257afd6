package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One database, several tenants: ALTER DATABASE … ADD TENANT and REMOVE TENANT. */
final class SpaceStatementsTest {
  private static final String PASSWORD = "another long password";

  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE TENANT globex");
    run(admin, "CREATE DATABASE prod FOR TENANT globex");
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    run(engine.admin("globex", "prod"), "CREATE TABLE orders AS SELECT 1 AS id");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void aSecondTenantLivesInADatabaseWithItsQuotaUsersAndTables() {
    run(admin, "ALTER DATABASE prod ADD TENANT acme");
    run(admin, "ALTER TENANT acme IN DATABASE prod SET QUOTA (max_qps = 500)");
    assertThat(column(admin, "SHOW TENANT QUOTA FOR acme IN DATABASE prod", "limit"))
        .contains("500");
    run(admin, "SHOW TENANT USAGE FOR acme IN DATABASE prod");
    run(admin, "GRANT DATABASE_EDITOR ON DATABASE prod TO ann");
    run(admin, "ALTER USER ann SET DEFAULT DATABASE prod");
    run(admin, "ALTER TENANT acme SET DEFAULT DATABASE prod");
    run(engine.admin("acme", "prod"), "CREATE TABLE orders (id INTEGER)");
    Session ann = engine.open("ann", PASSWORD, Optional.empty(), Optional.empty());
    run(ann, "INSERT INTO orders VALUES (7), (8)");
    assertThat(column(ann, "SELECT id FROM orders ORDER BY id", "id")).containsExactly(7, 8);
    assertThat(column(engine.admin("globex", "prod"), "SELECT id FROM orders", "id"))
        .containsExactly(1);
    assertThat(
            column(
                admin, "SHOW AUDIT IN DATABASE prod WHERE event_type = 'tenant_added'", "tenant"))
        .containsExactly("acme");
  }

  @Test
  void withoutASpaceEachStatementNamesTheRemedy() {
    for (String sql :
        new String[] {
          "ALTER TENANT acme IN DATABASE prod SET QUOTA (max_qps = 500)",
          "SHOW TENANT QUOTA FOR acme IN DATABASE prod",
          "SHOW TENANT USAGE FOR acme IN DATABASE prod",
          "GRANT DATABASE_EDITOR ON DATABASE prod TO ann",
          "ALTER USER ann SET DEFAULT DATABASE prod",
          "ALTER TENANT acme SET DEFAULT DATABASE prod",
          "ALTER DATABASE prod REMOVE TENANT acme"
        }) {
      assertThatThrownBy(() -> run(admin, sql))
          .as(sql)
          .hasMessageContaining("tenant 'acme' has no space in database prod")
          .hasMessageContaining("ALTER DATABASE prod ADD TENANT acme");
    }
  }

  @Test
  void addingTwiceIsRefusedOrNoticed() {
    run(admin, "ALTER DATABASE prod ADD TENANT acme");
    refused(ErrorCode.TENANT_EXISTS, () -> run(admin, "ALTER DATABASE prod ADD TENANT acme"));
    run(admin, "ALTER DATABASE prod ADD TENANT IF NOT EXISTS acme");
    refused(ErrorCode.TENANT_NOT_FOUND, () -> run(admin, "ALTER DATABASE prod ADD TENANT nobody"));
    refused(
        ErrorCode.DATABASE_NOT_FOUND, () -> run(admin, "ALTER DATABASE nothing ADD TENANT acme"));
  }

  @Test
  void onlyAnEmptySpaceIsRemovedAndNothingOfTheTenantStays() {
    run(admin, "ALTER DATABASE prod ADD TENANT acme");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO ann");
    run(admin, "ALTER USER ann SET DEFAULT DATABASE prod");
    run(admin, "ALTER TENANT acme IN DATABASE prod SET QUOTA (max_qps = 500)");
    Session ann = engine.open("ann", PASSWORD, "prod");
    run(ann, "CREATE TABLE t AS SELECT 5 AS id");
    assertThatThrownBy(() -> run(admin, "ALTER DATABASE prod REMOVE TENANT acme"))
        .hasMessageContaining("main.t")
        .hasMessageContaining("MOVE TENANT acme FROM prod");
    run(ann, "DROP TABLE t");
    run(admin, "ALTER DATABASE prod REMOVE TENANT acme");
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(ann, "SHOW TABLES"));
    run(admin, "ALTER DATABASE prod REMOVE TENANT IF EXISTS acme");
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> engine.open("ann", PASSWORD, "prod"));
    run(admin, "ALTER DATABASE prod ADD TENANT acme");
    refused(ErrorCode.ACCESS_DENIED, () -> engine.open("ann", PASSWORD, "prod"));
    assertThat(column(admin, "SHOW TENANT QUOTA FOR acme IN DATABASE prod", "limit"))
        .containsOnly("unlimited");
    assertThat(column(engine.admin("acme", "prod"), "SHOW TABLES", "name")).isEmpty();
    run(admin, "ALTER DATABASE prod REMOVE TENANT acme");
    run(admin, "DROP USER ann");
    run(admin, "DROP TENANT acme");
  }

  @Test
  void theSessionsInARemovedSpaceEndWithTheirStatements() {
    run(admin, "ALTER DATABASE prod ADD TENANT acme");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO ann");
    Session idle = engine.open("ann", PASSWORD, "prod");
    Session open = engine.open("ann", PASSWORD, "prod");
    Session elsewhere = engine.admin("globex", "prod");
    run(open, "BEGIN");
    run(admin, "ALTER DATABASE prod REMOVE TENANT acme");
    assertThat(column(admin, "SHOW SESSIONS", "session_id"))
        .doesNotContain(idle.id().toString(), open.id().toString())
        .contains(elsewhere.id().toString(), admin.id().toString());
    for (Session session : List.of(idle, open)) {
      for (String sql : List.of("SELECT 1", "USE home", "SHOW SESSIONS")) {
        assertThatThrownBy(() -> run(session, sql))
            .isInstanceOfSatisfying(
                PolderException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_NOT_FOUND))
            .hasMessageContaining("tenant was removed from the database");
      }
    }
    assertThat(column(elsewhere, "SELECT id FROM orders", "id")).containsExactly(1);
  }

  @Test
  void sessionsOfAnotherServerInARemovedSpaceAreRefusedUntilTheyUseAnother() {
    run(admin, "ALTER DATABASE prod ADD TENANT acme");
    run(admin, "CREATE DATABASE home FOR TENANT acme");
    Session within = engine.admin("acme", "prod");
    engine
        .metastore()
        .write(tx -> {
          DatabaseId prod = tx.databases().get(new DatabaseName("prod")).id();
          tx.spaces().retire(new SpaceKey(prod, new TenantId("acme")));
          return prod;
        });
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(within, "SELECT 1"));
    run(within, "USE home");
    run(within, "SELECT 1");
  }

  @Test
  void theDefaultSpaceAndTheSessionsOwnStay() {
    refused(
        ErrorCode.CANNOT_DROP_DEFAULT_DATABASE,
        () -> run(admin, "ALTER DATABASE \"default\" REMOVE TENANT \"default\""));
    run(admin, "ALTER DATABASE prod ADD TENANT acme");
    Session within = engine.admin("acme", "prod");
    refused(
        ErrorCode.TENANT_NOT_EMPTY, () -> run(within, "ALTER DATABASE prod REMOVE TENANT acme"));
  }

  @Test
  void aClusterAdminAddsTenantsAndAnOwnerDoesNot() {
    run(admin, "CREATE USER cluster PASSWORD '" + PASSWORD + "'");
    run(admin, "GRANT ROLE cluster_admin TO USER cluster");
    run(admin, "CREATE USER gus PASSWORD '" + PASSWORD + "' TENANT globex");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO gus");
    Session cluster = engine.open("cluster", PASSWORD, Optional.empty(), Optional.empty());
    Session owner = engine.open("gus", PASSWORD, "prod");
    refused(ErrorCode.ACCESS_DENIED, () -> run(owner, "ALTER DATABASE prod ADD TENANT acme"));
    run(cluster, "ALTER DATABASE prod ADD TENANT acme");
    refused(ErrorCode.ACCESS_DENIED, () -> run(owner, "ALTER DATABASE prod REMOVE TENANT acme"));
    run(cluster, "ALTER DATABASE prod REMOVE TENANT acme");
  }

  @Test
  void clonesAndMirrorsHaveTheTenantsAndMirrorsTakeNoneOfTheirOwn() {
    run(admin, "ALTER DATABASE prod ADD TENANT acme");
    run(engine.admin("acme", "prod"), "CREATE TABLE t AS SELECT 5 AS id");
    run(admin, "CLONE DATABASE preview FROM prod");
    assertThat(column(engine.admin("acme", "preview"), "SELECT id FROM t", "id"))
        .containsExactly(5);
    run(admin, "MIRROR DATABASE replica FROM prod");
    run(admin, "CREATE TENANT third");
    refused(
        ErrorCode.MIRROR_READ_ONLY, () -> run(admin, "ALTER DATABASE replica ADD TENANT third"));
  }
}
