package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.model.ErrorCode;
import dev.polder.model.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminExecutionTest {
  private static final String PASSWORD = "another long password";

  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE acme_db FOR TENANT acme WITH (kind = 'lake')");
    run(admin, "CREATE USER boss PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT ROLE tenant_admin TO USER boss");
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private Session boss() {
    return engine.open("boss", PASSWORD, "acme_db");
  }

  private Session withTable() {
    Session session = engine.admin("acme", "acme_db");
    run(session, "CREATE TABLE people (id BIGINT NOT NULL, name VARCHAR, born DATE)");
    return session;
  }

  @Test
  void aDatabaseOfATenantIsShownWithItsKindToThoseWhoMayBind() {
    assertThat(run(admin, "SHOW DATABASES"))
        .extracting(row -> row.get("name") + "/" + row.get("tenant") + "/" + row.get("kind"))
        .containsExactly("acme_db/acme/lake", "default/default/lake");
    assertThat(column(boss(), "SHOW DATABASES", "name")).containsExactly("acme_db");
  }

  @Test
  void theDefaultDatabaseStaysAndOneWithTablesNeedsCascade() {
    withTable();
    refused(ErrorCode.CANNOT_DROP_DEFAULT_DATABASE, () -> run(admin, "DROP DATABASE \"default\""));
    refused(ErrorCode.DATABASE_NOT_EMPTY, () -> run(admin, "DROP DATABASE acme_db"));
    assertThat(ErrorCode.DATABASE_NOT_EMPTY.symbol()).isEqualTo("COLLECTION_EXISTS");
    assertThat(ErrorCode.DATABASE_NOT_EMPTY.sqlState()).isEqualTo("2BP01");
    run(admin, "DROP DATABASE acme_db CASCADE");
    assertThat(column(admin, "SHOW DATABASES", "name")).containsExactly("default");
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(admin, "DROP DATABASE acme_db"));
    run(admin, "DROP DATABASE IF EXISTS acme_db");
    assertThat(admin.notices()).extracting("code").containsExactly("DATABASE_NOT_FOUND");
  }

  @Test
  void aTenantAdminMakesDropsAndGrantsNoDatabase() {
    Session boss = boss();
    for (String sql :
        List.of(
            "CREATE DATABASE acme_two",
            "DROP DATABASE acme_db CASCADE",
            "DROP DATABASE nothing",
            "GRANT DATABASE_READER ON DATABASE acme_db TO ann")) {
      refused(ErrorCode.ACCESS_DENIED, () -> run(boss, sql));
    }
    refused(
        ErrorCode.TENANT_NOT_FOUND, () -> run(boss, "CREATE DATABASE x FOR TENANT \"default\""));
    run(admin, "CREATE DATABASE acme_two FOR TENANT acme");
    run(admin, "CREATE DATABASE IF NOT EXISTS acme_two FOR TENANT acme");
    assertThat(column(boss, "SHOW DATABASES", "tenant")).containsExactly("acme", "acme");
    refused(
        ErrorCode.NOT_SUPPORTED, () -> run(admin, "CREATE DATABASE q WITH (kind = 'external')"));
  }

  @Test
  void aDenialNamesTheActThatWasTried() {
    Session boss = boss();
    assertThatThrownBy(() -> run(boss, "CREATE DATABASE x"))
        .hasMessageContaining("only a superuser or a cluster_admin may create databases");
    assertThatThrownBy(() -> run(boss, "SHOW BACKUPS")).hasMessageContaining("list backups");
    assertThatThrownBy(() -> run(boss, "SHOW CLUSTERS")).hasMessageContaining("list clusters");
    assertThatThrownBy(() -> run(boss, "DROP CLUSTER us")).hasMessageContaining("drop clusters");
  }

  @Test
  void tenantsAreShownAndDroppedWhenEmpty() {
    assertThat(column(admin, "SHOW TENANTS", "id")).containsExactly("acme", "default");
    refused(ErrorCode.TENANT_NOT_EMPTY, () -> run(admin, "DROP TENANT acme"));
    refused(ErrorCode.TENANT_EXISTS, () -> run(admin, "CREATE TENANT acme"));
    run(admin, "CREATE TENANT IF NOT EXISTS acme");
    refused(ErrorCode.ACCESS_DENIED, () -> run(boss(), "CREATE TENANT mine"));
    run(admin, "CREATE TENANT empty_one");
    run(admin, "DROP TENANT empty_one");
  }

  @Test
  void usersAreListedChangedAndDropped() {
    assertThat(run(boss(), "SHOW USERS"))
        .extracting(row -> row.get("name") + "/" + row.get("tenant") + "/" + row.get("disabled"))
        .containsExactly("ann/acme/false", "boss/acme/false");
    run(boss(), "ALTER USER ann DISABLE");
    refused(ErrorCode.INVALID_PASSWORD, () -> engine.open("ann", PASSWORD, "acme_db"));
    run(boss(), "ALTER USER ann ENABLE");
    run(boss(), "ALTER USER ann SET PASSWORD 'yet another password'");
    assertThat(engine.authenticator().password("ann", Secret.of("yet another password")))
        .isNotNull();
    run(boss(), "DROP USER ann");
    run(boss(), "DROP USER IF EXISTS ann");
    refused(ErrorCode.LAST_ADMINISTRATOR, () -> run(admin, "ALTER USER admin NOSUPERUSER"));
  }

  @Test
  void aUserMadeByATenantAdminBelongsToItsTenant() {
    run(boss(), "CREATE USER kid PASSWORD '" + PASSWORD + "'");
    assertThat(run(admin, "SHOW USERS TENANT acme"))
        .extracting(row -> row.get("name"))
        .containsExactly("ann", "boss", "kid");
  }

  @Test
  void grantsThroughRolesAndGroupsAreShownAndHold() {
    withTable();
    Session boss = boss();
    run(boss, "CREATE ROLE reader");
    run(boss, "CREATE GROUP staff");
    run(boss, "ADD USER ann TO GROUP staff");
    run(boss, "GRANT ROLE reader TO GROUP staff");
    refused(ErrorCode.ACCESS_DENIED, () -> engine.open("ann", PASSWORD, "acme_db"));
    run(boss, "GRANT SELECT (ID, Name) ON people TO ROLE reader");
    Session ann = engine.open("ann", PASSWORD, "acme_db");
    assertThat(column(ann, "SHOW GRANTS", "column")).containsExactlyInAnyOrder("id", "name");
    assertThat(run(boss, "SHOW GRANTS FOR ROLE reader").getFirst())
        .containsEntry("grantee_kind", "ROLE")
        .containsEntry("grantee", "reader")
        .containsEntry("privilege", "SELECT")
        .containsEntry("database", "acme_db")
        .containsEntry("tenant", "acme")
        .containsEntry("schema", "main")
        .containsEntry("object", "people");
    assertThat(run(boss, "SHOW GRANTS FOR GROUP staff")).hasSize(2);
    assertThat(run(boss, "SHOW GROUPS"))
        .containsExactly(Map.of("name", "staff", "tenant", "acme", "members", "ann"));
    assertThat(column(boss, "SHOW ROLES", "name")).containsExactly("reader");
    assertThat(column(ann, "SHOW TABLES", "name")).containsExactly("people");
    assertThat(column(ann, "SHOW COLUMNS FROM people", "column_name"))
        .containsExactly("id", "name");
    run(boss, "REVOKE SELECT (id) ON people FROM ROLE reader");
    assertThat(column(ann, "SHOW COLUMNS FROM people", "column_name")).containsExactly("name");
    run(boss, "GRANT ALL ON DATABASE acme_db TO USER ann");
    assertThat(column(ann, "SHOW GRANTS FOR USER ann", "privilege")).hasSize(8);
    refused(ErrorCode.NOT_SUPPORTED, () -> run(boss, "GRANT SELECT ON people TO GROUP staff"));
    refused(
        ErrorCode.COLUMN_NOT_FOUND,
        () -> run(boss, "GRANT SELECT (nothing) ON people TO ROLE reader"));
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> run(boss, "GRANT SELECT ON nope TO ROLE reader"));
  }

  @Test
  void onlyAdministratorsReachOtherSpacesByName() {
    withTable();
    run(admin, "GRANT SELECT ON acme_db.main.people TENANT acme TO USER ann");
    Session ann = engine.open("ann", PASSWORD, "acme_db");
    refused(
        ErrorCode.TENANT_NOT_FOUND,
        () -> run(ann, "GRANT SELECT ON DATABASE \"default\" TENANT \"default\" TO USER ann"));
    refused(
        ErrorCode.DATABASE_NOT_FOUND,
        () -> run(ann, "GRANT SELECT ON DATABASE \"default\" TO USER ann"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "GRANT SELECT ON people TO USER ann"));
  }

  @Test
  void policiesAreProvenBeforeTheyAreStored() {
    withTable();
    Session boss = boss();
    run(
        boss,
        "CREATE ROW FILTER adults ON people USING (born < DATE '2007-01-01' OR has_role('x'))");
    run(boss, "CREATE COLUMN MASK hide ON people (NAME) USING (left(name, 1) || '***')");
    run(boss, "CREATE OR REPLACE COLUMN MASK hide ON people (name) USING ('***')");
    refused(
        ErrorCode.POLICY_EXISTS,
        () -> run(boss, "CREATE COLUMN MASK hide ON people (name) USING ('?')"));
    refused(
        ErrorCode.COLUMN_NOT_FOUND,
        () -> run(boss, "CREATE ROW FILTER f ON people USING (nothing = 1)"));
    refused(
        ErrorCode.TYPE_MISMATCH, () -> run(boss, "CREATE ROW FILTER f ON people USING (id + 1)"));
    refused(
        ErrorCode.TYPE_MISMATCH,
        () -> run(boss, "CREATE COLUMN MASK m ON people (born) USING ('***')"));
    refused(
        ErrorCode.TYPE_MISMATCH,
        () -> run(boss, "CREATE COLUMN MASK m ON people (id) USING (name)"));
    run(boss, "CREATE COLUMN MASK m ON people (born) USING ('1970-01-01')");
    run(boss, "CREATE COLUMN MASK n ON people (id) USING (NULL)");
    assertThat(run(boss, "SHOW POLICIES ON people"))
        .extracting(row -> row.get("name") + "/" + row.get("kind") + "/" + row.get("column"))
        .containsExactly(
            "adults/ROW_FILTER/null",
            "hide/COLUMN_MASK/name",
            "m/COLUMN_MASK/born",
            "n/COLUMN_MASK/id");
    refused(ErrorCode.POLICY_NOT_FOUND, () -> run(boss, "DROP ROW FILTER hide ON people"));
    run(boss, "DROP COLUMN MASK hide ON people");
    run(boss, "DROP COLUMN MASK IF EXISTS hide ON people");
    assertThat(run(boss, "SHOW POLICIES")).hasSize(3);
    run(boss, "GRANT SELECT ON people TO USER ann");
    Session ann = engine.open("ann", PASSWORD, "acme_db");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "CREATE ROW FILTER f ON people USING (true)"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SHOW POLICIES"));
  }

  @Test
  void aTokenIsShownOnceAndLogsIn() {
    Map<String, Object> made =
        run(admin, "CREATE TOKEN laptop FOR USER boss EXPIRES IN '30 days'").getFirst();
    var identity = engine.authenticator().token(Secret.of(String.valueOf(made.get("token"))));
    assertThat(identity.name().value()).isEqualTo("boss");
    Session boss = engine.open(identity, Optional.empty(), Optional.of("acme_db"));
    assertThat(run(boss, "SHOW TOKENS").getFirst())
        .containsEntry("id", made.get("id"))
        .containsEntry("name", "laptop")
        .containsEntry("user", "boss")
        .containsEntry("kind", "PERSONAL")
        .containsEntry("revoked", false)
        .doesNotContainKey("token");
    run(admin, "REVOKE TOKEN '" + made.get("id") + "'");
    refused(ErrorCode.AUTHENTICATION_FAILED, () -> run(boss, "SHOW TOKENS"));
    assertThat(column(admin, "SHOW TOKENS FOR USER boss", "revoked")).containsExactly(true);
    assertThat(made).containsOnlyKeys("id", "token", "expires_at");
  }

  @Test
  void sessionsAreSeenAndEndedByTheirOwnersAndSuperusers() {
    Session boss = boss();
    Session other = boss();
    assertThat(column(boss, "SHOW SESSIONS", "session_id"))
        .containsExactlyInAnyOrder(boss.id().toString(), other.id().toString());
    assertThat(column(admin, "SHOW SESSIONS", "session_id")).hasSize(3);
    refused(ErrorCode.SESSION_NOT_FOUND, () -> run(boss, "KILL SESSION '" + admin.id() + "'"));
    run(boss, "KILL SESSION '" + other.id() + "'");
    refused(ErrorCode.SESSION_KILLED, () -> run(other, "SHOW SESSIONS"));
    run(admin, "KILL QUERY '" + boss.id() + "'");
    run(boss, "SHOW SESSIONS");
    refused(ErrorCode.SESSION_NOT_FOUND, () -> run(admin, "KILL SESSION 'nonsense'"));
  }

  @Test
  void theAuditTrailShowsATenantAdminItsOwnTenantsRecords() {
    run(boss(), "CREATE ROLE auditor");
    assertThat(column(admin, "SHOW AUDIT", "event_type"))
        .contains("tenant_created", "user_created", "role_created");
    assertThat(run(admin, "SHOW AUDIT LIMIT 1")).hasSize(1);
    List<Map<String, Object>> seen = run(boss(), "SHOW AUDIT");
    assertThat(seen)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row).containsEntry("tenant", "acme"));
    assertThat(seen).extracting(row -> row.get("event_type")).contains("role_created");
  }

  @Test
  void changesAreRefusedInsideATransactionAndLooksAreNot() {
    run(admin, "BEGIN");
    run(admin, "SHOW USERS");
    run(admin, "SHOW TABLES");
    refused(ErrorCode.TRANSACTION_ACTIVE, () -> run(admin, "CREATE TENANT inside"));
    run(admin, "ROLLBACK");
    assertThat(column(admin, "SHOW TENANTS", "id")).doesNotContain("inside");
  }
}
