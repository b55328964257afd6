package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.maintenance.Maintenance;
import dev.polder.maintenance.MaintenanceOptions;
import dev.polder.maintenance.Relocation;
import dev.polder.maintenance.StatementJob;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TenantMovingTest {
  private static final String PASSWORD = "another long password";

  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE TENANT other");
    run(admin, "CREATE DATABASE us FOR TENANT acme");
    run(admin, "CREATE DATABASE eu FOR TENANT other");
    run(engine.admin("acme", "us"), "CREATE TABLE orders AS SELECT range AS id FROM range(10)");
    run(engine.admin("other", "eu"), "CREATE TABLE orders AS SELECT 1 AS id");
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    run(engine.admin("acme", "us"), "GRANT SELECT ON TABLE orders TO USER ann");
    run(engine.admin("acme", "us"), "CREATE ROW FILTER few ON orders USING (id < 3)");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void aTenantMovesWithItsGrantsAndPoliciesAndNobodyElseDoes() {
    Session bound = engine.open("ann", PASSWORD, "us");
    run(admin, "MOVE TENANT acme FROM us TO eu");
    refused(ErrorCode.SESSION_CLOSED, () -> run(bound, "SELECT 1"));
    Session ann = engine.open("ann", PASSWORD, "eu");
    assertThat(column(ann, "SELECT count(*) AS n FROM orders", "n")).containsExactly(3L);
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> engine.open("ann", PASSWORD, "us"));
    assertThat(column(engine.admin("other", "eu"), "SELECT id FROM orders", "id"))
        .containsExactly(1);
    Session boss = engine.admin("acme", "eu");
    run(boss, "INSERT INTO orders VALUES (0)");
    assertThat(column(boss, "SELECT count(*) AS n FROM orders", "n")).containsExactly(4L);
  }

  @Test
  void theTenantsDatabaseRolesAndDefaultsGoAlong() {
    run(admin, "CREATE USER bob PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT DATABASE_READER ON DATABASE us TO bob");
    run(admin, "ALTER USER bob SET DEFAULT DATABASE us");
    run(admin, "MOVE TENANT acme FROM us TO eu");
    Session bob = engine.open("bob", PASSWORD, "eu");
    assertThat(column(bob, "SELECT count(*) AS n FROM orders", "n")).containsExactly(3L);
    assertThat(engine.open("bob", PASSWORD, Optional.empty(), Optional.empty()).database().value())
        .isEqualTo("eu");
  }

  @Test
  void anOwnerDoesNotComeToOwnADatabaseThatOthersLiveIn() {
    run(admin, "CREATE USER bob PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE us TO bob");
    run(admin, "MOVE TENANT acme FROM us TO eu");
    assertThat(admin.notices()).extracting("code").containsExactly("DATABASE_OWNER_LOWERED");
    assertThat(admin.notices()).extracting("message").asString().contains("bob");
    assertThat(
            column(admin, "SHOW AUDIT IN DATABASE eu WHERE event_type = 'tenant_moved'", "detail"))
        .asString()
        .contains("owners_made_editors", "bob");
    Session bob = engine.open("bob", PASSWORD, "eu");
    run(bob, "INSERT INTO orders VALUES (0)");
    refused(ErrorCode.ACCESS_DENIED, () -> run(bob, "ALTER DATABASE eu RENAME TO mine"));
  }

  @Test
  void aSecondMoveSucceedsWithANotice() {
    run(admin, "MOVE TENANT acme FROM us TO eu");
    run(admin, "MOVE TENANT acme FROM us TO eu");
    assertThat(admin.notices()).extracting("code").containsExactly("MOVE_TENANT_ALREADY_AT_TARGET");
    refused(ErrorCode.TENANT_NOT_FOUND, () -> run(admin, "MOVE TENANT nobody FROM us TO eu"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(admin, "MOVE TENANT acme FROM us TO nowhere"));
  }

  @Test
  void aStatementThatGoesOnHoldsTheMoveUpAndNothingChanges() {
    Session reader = engine.admin("acme", "us");
    try (Result.Rows rows =
        (Result.Rows)
            reader.execute(
                "SELECT * FROM range(100_000_000)", List.of(), StatementOptions.defaults())) {
      assertThat(rows.columns()).hasSize(1);
      refused(
          ErrorCode.DRAIN_TIMEOUT,
          () -> run(admin, "MOVE TENANT acme FROM us TO eu WITH (drain_timeout = 0)"));
    }
    Session writer = engine.admin("acme", "us");
    run(writer, "INSERT INTO orders VALUES (0)");
    run(admin, "MOVE TENANT acme FROM us TO eu");
  }

  @Test
  void aMoveThatItsServerLeftGoesOnInTheBackgroundFromItsPhase() {
    abandon();
    try (Maintenance _ = maintenance()) {
      Awaitility.await().until(() -> jobs("state").contains("succeeded"));
    }
    assertThat(jobs("payload")).contains("acme from us to eu");
    assertThat(jobs("progress")).asString().contains("resume");
    assertThat(column(engine.admin("acme", "eu"), "SELECT count(*) AS n FROM orders", "n"))
        .containsExactly(3L);
  }

  @Test
  void aMoveThatCannotGoOnIsUndoneAndTheReasonKept() {
    abandon();
    refused(
        ErrorCode.TENANT_MOVING,
        () -> run(engine.admin("acme", "us"), "INSERT INTO orders VALUES (0)"));
    run(admin, "DROP DATABASE eu CASCADE");
    try (Maintenance _ = maintenance()) {
      Awaitility.await().until(() -> jobs("state").contains("failed"));
    }
    assertThat(jobs("error")).asString().contains("dropped");
    assertThat(
            column(
                admin,
                "SHOW AUDIT IN DATABASE us WHERE event_type = 'tenant_move_undone'",
                "detail"))
        .asString()
        .contains("preflight", "dropped");
    run(engine.admin("acme", "us"), "INSERT INTO orders VALUES (0)");
  }

  /** As if its server had died after it had taken the space. */
  private void abandon() {
    engine
        .metastore()
        .write(tx -> {
          StatementJob left =
              Relocation.begin(
                  tx, space(tx, "us"), space(tx, "eu"), new PrincipalName("admin"), Duration.ZERO);
          return tx.jobs().retry(left.job().id(), left.owner(), "", tx.now());
        });
  }

  private static SpaceKey space(MetastoreTransaction tx, String database) {
    return new SpaceKey(
        tx.databases().find(new DatabaseName(database)).orElseThrow().id(), new TenantId("acme"));
  }

  private Maintenance maintenance() {
    return new Maintenance(
        engine.metastore(), engine.lake(), MaintenanceOptions.DEFAULT, () -> Long.MAX_VALUE);
  }

  private List<Object> jobs(String column) {
    return run(admin, "SHOW JOBS").stream()
        .filter(row -> "move_tenant".equals(row.get("kind")))
        .map(row -> row.get(column))
        .toList();
  }

  @Test
  void onlyASuperuserMovesTenants() {
    run(admin, "CREATE USER boss PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT ROLE tenant_admin TO USER boss");
    Session boss = engine.open("boss", PASSWORD, "us");
    refused(ErrorCode.ACCESS_DENIED, () -> run(boss, "MOVE TENANT acme FROM us TO eu"));
    refused(
        ErrorCode.INVALID_PARAMETER,
        () -> run(admin, "MOVE TENANT acme FROM us TO eu WITH (speed = 'fast')"));
  }
}
