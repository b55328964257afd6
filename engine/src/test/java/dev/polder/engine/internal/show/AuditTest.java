package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditTest {
  private static final String PASSWORD = "another long password";
  private static final String SERVER = "server";

  private EngineHarness engine;
  private Session admin;
  private Session prod;
  private Map<Optional<DatabaseId>, Long> seen = new HashMap<>();

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
    run(admin, "CREATE USER rita PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "CREATE USER olga PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT DATABASE_READER ON DATABASE prod TO rita");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO olga");
    prod = engine.admin("acme", "prod");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  /** What was written since it was asked last, as chain and type. */
  private List<String> news() {
    engine.audit().flush();
    List<String> news = new ArrayList<>();
    engine
        .metastore()
        .read(tx -> {
          List<Optional<DatabaseId>> chains = new ArrayList<>(List.of(Optional.empty()));
          for (long id = 0; id < 1_050; id++) {
            tx.databases()
                .find(new DatabaseId(id))
                .map(Database::id)
                .ifPresent(found -> chains.add(Optional.of(found)));
          }
          for (Optional<DatabaseId> chain : chains) {
            for (AuditRecord record :
                tx.audit().after(chain, seen.getOrDefault(chain, 0L), 1_000)) {
              seen.put(chain, record.seq());
              news.add(
                  chain.map(id -> tx.databases().get(id).name().value()).orElse(SERVER)
                      + " "
                      + record.type());
            }
          }
          return true;
        });
    return news;
  }

  private void tells(Session session, String sql, String chain, String type) {
    news();
    run(session, sql);
    assertThat(news()).as(sql).containsExactly(chain + " " + type);
  }

  private void tellsBoth(Session session, String sql, String one, String other, String type) {
    news();
    run(session, sql);
    assertThat(news()).as(sql).containsExactlyInAnyOrder(one + " " + type, other + " " + type);
  }

  private void tellsNothing(Session session, String sql) {
    news();
    run(session, sql);
    assertThat(news()).as(sql).isEmpty();
  }

  @Test
  void everyAdministrativeStatementTellsExactlyOneChainOnce() {
    tells(admin, "CREATE TENANT other", SERVER, "tenant_created");
    tellsNothing(admin, "CREATE TENANT IF NOT EXISTS other");
    tells(admin, "CREATE DATABASE d FOR TENANT other", "d", "database_created");
    tellsNothing(admin, "CREATE DATABASE IF NOT EXISTS d FOR TENANT other");
    tells(admin, "ALTER TENANT other SET DEFAULT DATABASE d", SERVER, "default_database_changed");
    tells(
        admin, "ALTER TENANT other SET DEFAULT DATABASE NONE", SERVER, "default_database_changed");
    tells(admin, "ALTER DATABASE d RENAME TO e", "e", "database_renamed");
    tells(admin, "ALTER DATABASE e SET IDLE_TIMEOUT 60", "e", "idle_timeout_changed");
    tells(admin, "ALTER DATABASE e SET AUDIT_DML = 'writes'", "e", "audit_dml_changed");
    tells(admin, "ALTER DATABASE e ADD TENANT acme", "e", "tenant_added");
    tellsNothing(admin, "ALTER DATABASE e ADD TENANT IF NOT EXISTS acme");
    tells(admin, "ALTER DATABASE e REMOVE TENANT acme", "e", "tenant_removed");
    tells(admin, "DROP DATABASE e", "e", "database_dropped");
    tellsNothing(admin, "DROP DATABASE IF EXISTS e");
    tells(admin, "UNDROP DATABASE e", "e", "database_undropped");
    tellsBoth(admin, "CLONE DATABASE c FROM prod", "prod", "c", "database_cloned");
    tellsNothing(admin, "CLONE DATABASE c2 FROM prod DRY RUN");
    tells(admin, "RESET DATABASE c TO SOURCE", "c", "database_reset");
    tells(admin, "ALTER DATABASE c MATERIALIZE", "c", "database_materialized");
    tellsNothing(admin, "ALTER DATABASE c MATERIALIZE");
    tells(admin, "ALTER DATABASE c SET AUDIT_DML = 'writes'", "c", "audit_dml_changed");
    tells(admin, "ALTER DATABASE c SET IDLE_TIMEOUT 30", "c", "idle_timeout_changed");
    tellsBoth(admin, "MOVE TENANT other FROM e TO c", "e", "c", "tenant_moved");
    tellsNothing(admin, "MOVE TENANT other FROM e TO c");
    tells(admin, "CREATE USER bob PASSWORD '" + PASSWORD + "'", SERVER, "user_created");
    tells(admin, "ALTER USER bob PASSWORD '" + PASSWORD + "x'", SERVER, "password_changed");
    tells(admin, "ALTER USER bob DISABLE", SERVER, "user_disabled");
    tells(admin, "ALTER USER bob ENABLE", SERVER, "user_enabled");
    tells(admin, "ALTER USER bob SUPERUSER", SERVER, "superuser_changed");
    tells(admin, "ALTER USER bob NOSUPERUSER", SERVER, "superuser_changed");
    tells(admin, "ALTER USER bob SET DEFAULT DATABASE prod", SERVER, "default_database_changed");
    tells(admin, "CREATE GROUP staff", SERVER, "group_created");
    tells(admin, "ADD USER bob TO GROUP staff", SERVER, "member_added");
    tells(admin, "REMOVE USER bob FROM GROUP staff", SERVER, "member_removed");
    tells(admin, "CREATE ROLE r TENANT acme", SERVER, "role_created");
    tells(admin, "GRANT ROLE cluster_admin TO USER bob", SERVER, "role_granted");
    tells(admin, "REVOKE ROLE cluster_admin FROM USER bob", SERVER, "role_revoked");
    tells(admin, "GRANT DATABASE_READER ON DATABASE prod TO bob", "prod", "privilege_granted");
    tells(admin, "REVOKE DATABASE_READER ON DATABASE prod FROM bob", "prod", "privilege_revoked");
    tells(admin, "CREATE TOKEN ci FOR USER bob", SERVER, "token_created");
    tells(
        admin,
        "REVOKE TOKEN '" + column(admin, "SHOW TOKENS FOR USER bob", "id").getFirst() + "'",
        SERVER,
        "token_revoked");
    tells(admin, "DROP GROUP staff", SERVER, "group_dropped");
    tells(admin, "DROP USER bob", SERVER, "user_dropped");
    Session rita = engine.open("rita", PASSWORD, "prod");
    tells(admin, "KILL QUERY '" + rita.id() + "'", "prod", "statement_cancelled");
    tells(admin, "KILL SESSION '" + rita.id() + "'", "prod", "session_revoked");
  }

  @Test
  void everyDefinitionTellsTheDatabasesChainOnce() {
    tells(prod, "CREATE SCHEMA s", "prod", "schema_created");
    tellsNothing(prod, "CREATE SCHEMA IF NOT EXISTS s");
    tells(prod, "CREATE TABLE t (id BIGINT, name VARCHAR)", "prod", "table_created");
    tellsNothing(prod, "CREATE TABLE IF NOT EXISTS t (id BIGINT)");
    tells(prod, "CREATE TABLE s.u AS SELECT 1 AS id", "prod", "table_created");
    tells(prod, "CREATE OR REPLACE TABLE s.u (id BIGINT)", "prod", "table_created");
    tells(prod, "ALTER TABLE t ADD COLUMN more VARCHAR", "prod", "table_altered");
    tells(prod, "ALTER TABLE t RENAME TO t2", "prod", "table_altered");
    tells(prod, "COMMENT ON TABLE t2 IS 'x'", "prod", "table_altered");
    tells(prod, "CREATE VIEW v AS SELECT id FROM t2", "prod", "view_created");
    tells(prod, "CREATE OR REPLACE VIEW v AS SELECT name FROM t2", "prod", "view_altered");
    tells(prod, "ALTER VIEW v RENAME TO w", "prod", "view_altered");
    tells(prod, "DROP VIEW w", "prod", "view_dropped");
    tells(prod, "GRANT SELECT ON t2 TO USER rita", "prod", "privilege_granted");
    tells(prod, "REVOKE SELECT ON t2 FROM USER rita", "prod", "privilege_revoked");
    tells(prod, "CREATE ROW FILTER f ON t2 USING (id > 1)", "prod", "policy_created");
    tells(prod, "DROP ROW FILTER f ON t2", "prod", "policy_dropped");
    tells(prod, "CREATE COLUMN MASK m ON t2 (name) USING ('*')", "prod", "policy_created");
    tells(prod, "DROP COLUMN MASK m ON t2", "prod", "policy_dropped");
    tells(prod, "DROP TABLE t2", "prod", "table_dropped");
    tellsNothing(prod, "DROP TABLE IF EXISTS t2");
    tells(prod, "DROP SCHEMA s CASCADE", "prod", "schema_dropped");
    assertThat(
            column(
                admin, "SHOW AUDIT IN DATABASE prod WHERE event_type = 'schema_dropped'", "detail"))
        .containsExactly("{\"dropped\":\"s.u\"}");
  }

  @Test
  void aTransactionTellsWhatItDidWhenItIsCommitted() {
    news();
    run(prod, "BEGIN");
    run(prod, "CREATE TABLE t (id BIGINT)");
    run(prod, "CREATE SCHEMA gone");
    run(prod, "ROLLBACK");
    assertThat(news()).isEmpty();
    run(prod, "BEGIN");
    run(prod, "CREATE TABLE t (id BIGINT)");
    assertThat(news()).isEmpty();
    run(prod, "COMMIT");
    assertThat(news()).containsExactly("prod table_created");
  }

  @Test
  void whatFailsTellsNothingButDenials() {
    run(prod, "CREATE TABLE t (id BIGINT)");
    news();
    refused(ErrorCode.COLLECTION_EXISTS, () -> run(prod, "CREATE TABLE t (id BIGINT)"));
    refused(ErrorCode.DATABASE_EXISTS, () -> run(admin, "CREATE DATABASE prod FOR TENANT acme"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(admin, "DROP DATABASE nowhere"));
    refused(
        ErrorCode.INVALID_PARAMETER, () -> run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'x'"));
    assertThat(news()).isEmpty();
    Session rita = engine.open("rita", PASSWORD, "prod");
    refused(ErrorCode.ACCESS_DENIED, () -> run(rita, "ALTER DATABASE prod SET AUDIT_DML = 'none'"));
    assertThat(news()).containsExactly("prod permission_denied");
    refused(ErrorCode.ACCESS_DENIED, () -> run(rita, "INSERT INTO t VALUES (1)"));
    assertThat(news()).containsExactly("prod permission_denied");
  }

  @Test
  void theTrailIsFilteredAndNewestComesFirst() {
    run(prod, "CREATE TABLE t (id BIGINT)");
    run(prod, "CREATE TABLE u (id BIGINT)");
    run(prod, "DROP TABLE t");
    assertThat(column(admin, "SHOW AUDIT IN DATABASE prod WHERE object LIKE 'main.%'", "object"))
        .containsExactly("main.t", "main.u", "main.t");
    assertThat(
            column(
                admin,
                "SHOW AUDIT IN DATABASE prod WHERE event_type IN ('table_created',"
                    + " 'database_created') AND user = 'admin' AND outcome = 'success'"
                    + " AND tenant = 'acme' AND since = '2020-01-01' LIMIT 2",
                "object"))
        .containsExactly("main.u", "main.t");
    assertThat(run(admin, "SHOW AUDIT IN DATABASE prod WHERE until = '2020-01-01'")).isEmpty();
    assertThat(run(admin, "SHOW AUDIT IN DATABASE prod WHERE seq <= 1").getFirst())
        .containsEntry("event_type", "database_created")
        .containsEntry("database", "prod")
        .containsEntry("user", "admin")
        .containsEntry("tenant", "acme");
    refused(
        ErrorCode.INVALID_PARAMETER,
        () -> run(admin, "SHOW AUDIT IN DATABASE prod WHERE event_type = 'nonsense'"));
    refused(
        ErrorCode.INVALID_PARAMETER,
        () -> run(admin, "SHOW AUDIT IN DATABASE prod WHERE colour = 'red'"));
  }

  @Test
  void ownersReadTheirDatabasesTrailAndNobodyElsesAndSuperusersThatOfADroppedOne() {
    Session olga = engine.open("olga", PASSWORD, "prod");
    Session rita = engine.open("rita", PASSWORD, "prod");
    assertThat(column(olga, "SHOW AUDIT IN DATABASE prod", "event_type"))
        .contains("database_created");
    assertThat(run(olga, "AUDIT VERIFY IN DATABASE prod").getFirst()).containsEntry("intact", true);
    refused(ErrorCode.ACCESS_DENIED, () -> run(olga, "SHOW AUDIT"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(olga, "AUDIT VERIFY"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(rita, "SHOW AUDIT IN DATABASE prod"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(rita, "AUDIT VERIFY IN DATABASE prod"));
    run(admin, "CREATE DATABASE gone FOR TENANT acme");
    run(admin, "DROP DATABASE gone");
    assertThat(column(admin, "SHOW AUDIT IN DATABASE gone", "event_type"))
        .containsExactly("database_dropped", "database_created");
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(olga, "SHOW AUDIT IN DATABASE gone"));
  }

  @Test
  void aDroppedDatabasesTrailIsReadByItsNumberWhenItsNameIsUsedAgain() {
    run(admin, "CREATE DATABASE twice FOR TENANT acme");
    Object number = idOf("twice");
    run(admin, "DROP DATABASE twice");
    run(admin, "CREATE DATABASE twice FOR TENANT acme");
    assertThat(column(admin, "SHOW AUDIT IN DATABASE twice", "event_type"))
        .containsExactly("database_created");
    run(admin, "CREATE USER cleo PASSWORD '" + PASSWORD + "'");
    run(admin, "GRANT ROLE cluster_admin TO USER cleo");
    Session cleo = engine.open("cleo", PASSWORD, Optional.of("acme"), Optional.of("prod"));
    for (Session reader : List.of(admin, cleo)) {
      assertThat(run(reader, "SHOW DROPPED DATABASES"))
          .singleElement()
          .satisfies(
              row -> assertThat(row).containsEntry("id", number).containsEntry("name", "twice"));
      assertThat(column(reader, "SHOW AUDIT IN DATABASE " + number, "event_type"))
          .containsExactly("database_dropped", "database_created");
      assertThat(run(reader, "AUDIT VERIFY IN DATABASE " + number).getFirst())
          .containsEntry("intact", true)
          .containsEntry("rows_checked", 2L);
      assertThat(column(reader, "AUDIT EXPORT IN DATABASE " + number, "chain"))
          .containsOnly(number.toString());
    }
  }

  @Test
  void aNumberOpensNoMoreThanTheName() {
    Object number = idOf("prod");
    Session olga = engine.open("olga", PASSWORD, "prod");
    Session rita = engine.open("rita", PASSWORD, "prod");
    assertThat(column(olga, "SHOW AUDIT IN DATABASE " + number, "event_type"))
        .contains("database_created");
    refused(ErrorCode.ACCESS_DENIED, () -> run(rita, "SHOW AUDIT IN DATABASE " + number));
    refused(ErrorCode.ACCESS_DENIED, () -> run(olga, "SHOW DROPPED DATABASES"));
    run(admin, "CREATE DATABASE foreign_one");
    run(admin, "CREATE DATABASE gone FOR TENANT acme");
    Object foreign = idOf("foreign_one");
    Object gone = idOf("gone");
    run(admin, "DROP DATABASE gone");
    for (Object hidden : List.of(foreign, gone, 999_999)) {
      assertThatThrownBy(() -> run(olga, "SHOW AUDIT IN DATABASE " + hidden))
          .hasMessageContaining("database " + hidden + " does not exist")
          .hasMessageNotContaining("foreign_one");
    }
  }

  private Object idOf(String database) {
    return run(admin, "SHOW DATABASES").stream()
        .filter(row -> database.equals(row.get("name")))
        .map(row -> row.get("id"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aGrantIsTheReceiversTenantsWhoeverGrants() {
    run(prod, "CREATE ROLE theirs");
    run(prod, "CREATE GROUP team");
    run(admin, "CREATE ROLE everywhere");
    for (String to : List.of("ROLE theirs", "GROUP team", "USER rita")) {
      run(prod, "GRANT DATABASE_EDITOR ON DATABASE prod TO " + to);
      assertThat(newest("prod", "privilege_granted")).as(to).containsEntry("tenant", "acme");
      run(prod, "REVOKE DATABASE_EDITOR ON DATABASE prod FROM " + to);
      assertThat(newest("prod", "privilege_revoked")).as(to).containsEntry("tenant", "acme");
    }
    run(admin, "GRANT DATABASE_EDITOR ON DATABASE prod TO ROLE everywhere");
    assertThat(newest("prod", "privilege_granted")).containsEntry("tenant", null);
    run(admin, "GRANT ROLE everywhere TO USER rita");
    assertThat(run(admin, "SHOW AUDIT WHERE event_type = 'role_granted' LIMIT 1").getFirst())
        .containsEntry("tenant", "acme");
  }

  private Map<String, Object> newest(String database, String type) {
    return run(
            admin,
            "SHOW AUDIT IN DATABASE " + database + " WHERE event_type = '" + type + "' LIMIT 1")
        .getFirst();
  }

  @Test
  void aDenialNamesTheObjectThePrivilegeAndTheStatementsKindAndNoData() {
    run(prod, "CREATE TABLE t (id BIGINT, name VARCHAR)");
    run(admin, "CREATE USER nina PASSWORD '" + PASSWORD + "' TENANT acme");
    run(prod, "CREATE TABLE other (id BIGINT)");
    run(prod, "GRANT SELECT ON TABLE other TO USER nina");
    run(prod, "GRANT SELECT (id) ON t TO USER nina");
    Session nina = engine.open("nina", PASSWORD, "prod");
    denied(nina, "INSERT INTO t VALUES (7, 'secret')", "main.t", "INSERT", "INSERT");
    denied(nina, "WITH w AS (SELECT 1) SELECT name FROM t", "main.t.name", "SELECT", "QUERY");
    denied(nina, "DROP TABLE t", "main.t", "DROP", "DROP TABLE");
    denied(nina, "CREATE TABLE mine (id BIGINT)", "schema main", "CREATE", "CREATE TABLE");
    refused(
        ErrorCode.FUNCTION_NOT_ALLOWED, () -> run(nina, "SELECT * FROM read_csv('/etc/secret')"));
    assertThat(newestDenial()).containsEntry("object", "function read_csv");
  }

  private void denied(Session who, String sql, String object, String privilege, String kind) {
    refused(ErrorCode.ACCESS_DENIED, () -> run(who, sql));
    Map<String, Object> denial = newestDenial();
    assertThat(denial).as(sql).containsEntry("object", object);
    assertThat(denial.get("detail").toString())
        .contains("\"privilege\":\"" + privilege + "\"")
        .contains("\"action\":\"" + kind + "\"")
        .doesNotContain("secret");
  }

  private Map<String, Object> newestDenial() {
    engine.audit().flush();
    return run(admin, "SHOW AUDIT IN DATABASE prod WHERE outcome = 'denied' LIMIT 1").getFirst();
  }

  @Test
  void verifyingAnswersTheHeadOfAnIntactChain() {
    Map<String, Object> verdict = run(admin, "AUDIT VERIFY").getFirst();
    assertThat(verdict).containsEntry("intact", true).containsEntry("first_broken_seq", null);
    Map<String, Object> newest = run(admin, "SHOW AUDIT LIMIT 1").getFirst();
    assertThat(verdict.get("head_hash")).isEqualTo(newest.get("hash"));
    assertThat(verdict.get("rows_checked")).isEqualTo(newest.get("seq"));
  }

  @Test
  void theVerificationOfALongChainIsAJobWithItsProgress() {
    run(admin, "AUDIT VERIFY IN DATABASE prod");
    assertThat(run(admin, "SHOW JOBS")).isEmpty();
    AuditEvent event =
        new AuditEvent(
            engine
                .metastore()
                .read(tx -> tx.databases().find(new DatabaseName("prod")))
                .map(Database::id),
            Optional.empty(),
            Optional.empty(),
            EventType.DML,
            Optional.empty(),
            AuditOutcome.SUCCESS,
            "{}");
    engine.metastore().write(tx -> tx.audit().appendAll(Collections.nCopies(20_001, event)));
    Map<String, Object> verdict = run(admin, "AUDIT VERIFY IN DATABASE prod").getFirst();
    assertThat(verdict).containsEntry("intact", true);
    Object records = verdict.get("rows_checked");
    assertThat(run(admin, "SHOW JOBS"))
        .singleElement()
        .satisfies(job ->
            assertThat(job)
                .containsEntry("kind", "verify")
                .containsEntry("state", "succeeded")
                .containsEntry("payload", "prod")
                .containsEntry(
                    "progress", "{\"records\":" + records + ",\"records_done\":" + records + "}"));
  }

  @Test
  void anExportedChainCanBeVerifiedByAnybody() throws Exception {
    run(prod, "CREATE TABLE t (id BIGINT)");
    run(prod, "DROP TABLE t");
    String hash = "0".repeat(64);
    long next = 1;
    for (Map<String, Object> line : run(admin, "AUDIT EXPORT IN DATABASE prod")) {
      assertThat(line).containsEntry("seq", next).containsEntry("previous_hash", hash);
      java.security.MessageDigest digest = java.security.MessageDigest.getInstance("SHA-256");
      for (String field :
          List.of(
              "chain",
              "seq",
              "at",
              "user",
              "tenant",
              "event_type",
              "object",
              "outcome",
              "detail",
              "previous_hash")) {
        Object value = line.get(field);
        byte[] bytes =
            value == null
                ? new byte[0]
                : value.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        digest.update(
            (value == null ? "-" : bytes.length + ":")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        digest.update(bytes);
      }
      hash = java.util.HexFormat.of().formatHex(digest.digest());
      assertThat(line).containsEntry("hash", hash);
      next++;
    }
    assertThat(run(admin, "AUDIT VERIFY IN DATABASE prod").getFirst())
        .containsEntry("head_hash", hash);
    assertThat(column(admin, "AUDIT EXPORT IN DATABASE prod WHERE seq > 2 LIMIT 1", "seq"))
        .containsExactly(3L);
    refused(
        ErrorCode.INVALID_PARAMETER,
        () -> run(admin, "AUDIT EXPORT IN DATABASE prod WHERE user = 'admin'"));
  }

  @Test
  void anExportForATenantHoldsOfOthersTheHashesAlone() {
    run(admin, "CREATE TENANT other");
    run(admin, "CREATE DATABASE o FOR TENANT other");
    run(admin, "MOVE TENANT other FROM o TO prod");
    Session olga = engine.open("olga", PASSWORD, "prod");
    assertThat(column(olga, "SHOW AUDIT IN DATABASE prod", "event_type"))
        .doesNotContain("tenant_moved");
    Map<String, Object> moved = run(olga, "AUDIT EXPORT IN DATABASE prod").getLast();
    assertThat(moved)
        .containsEntry("withheld", true)
        .containsEntry("object", null)
        .containsEntry("event_type", null)
        .containsEntry("detail", null)
        .containsEntry("tenant", null);
    assertThat(moved.get("hash"))
        .isEqualTo(run(olga, "AUDIT VERIFY IN DATABASE prod").getFirst().get("head_hash"));
  }

  @Test
  void anExportsTimesDoNotTellWhenAWithheldRecordWasMade() {
    run(admin, "CREATE TENANT other");
    run(admin, "CREATE DATABASE o FOR TENANT other");
    run(admin, "MOVE TENANT other FROM o TO prod");
    Session olga = engine.open("olga", PASSWORD, "prod");
    for (String time : List.of("since = '2100-01-01'", "until = '2000-01-01'")) {
      List<Map<String, Object>> rows = run(olga, "AUDIT EXPORT IN DATABASE prod WHERE " + time);
      assertThat(rows).as(time).isNotEmpty().allMatch(row -> row.get("withheld").equals(true));
    }
    assertThat(run(admin, "AUDIT EXPORT IN DATABASE prod WHERE since = '2100-01-01'")).isEmpty();
    assertThat(column(olga, "AUDIT EXPORT IN DATABASE prod WHERE seq = 1", "withheld"))
        .containsExactly(false);
  }

  @Test
  void aTenantsOwnerIsNotToldWhereElseItsDatabaseWent() {
    run(admin, "CLONE DATABASE hidden FROM prod");
    Session olga = engine.open("olga", PASSWORD, "prod");
    assertThat(
            column(
                olga, "SHOW AUDIT IN DATABASE prod WHERE event_type = 'database_cloned'", "detail"))
        .containsExactly("{}");
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'writes'");
    assertThat(
            column(
                olga,
                "SHOW AUDIT IN DATABASE prod WHERE event_type = 'audit_dml_changed'",
                "detail"))
        .containsExactly("{\"from\":\"none\",\"to\":\"writes\"}");
  }

  @Test
  void aDenialIsToldToTheDatabaseThatItWasAbout() {
    run(admin, "CREATE DATABASE second FOR TENANT acme");
    Session olga = engine.open("olga", PASSWORD, "prod");
    news();
    refused(
        ErrorCode.ACCESS_DENIED, () -> run(olga, "ALTER DATABASE second SET AUDIT_DML = 'none'"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(olga, "USE DATABASE second"));
    assertThat(news()).containsOnly("second permission_denied");
    Map<String, Object> denial =
        run(admin, "SHOW AUDIT IN DATABASE second WHERE outcome = 'denied'").getLast();
    assertThat(denial).containsEntry("object", "database second");
    assertThat(denial.get("detail").toString()).contains("alter database second set audit_dml");
  }

  @Test
  void aPatternCannotEndWithinAnEscape() {
    refused(ErrorCode.INVALID_PARAMETER, () -> run(admin, "SHOW AUDIT WHERE object LIKE 'x\\'"));
    assertThat(run(admin, "SHOW AUDIT WHERE object LIKE 'x\\\\'")).isEmpty();
  }

  @Test
  void aCloneStartsWithoutItsSourcesAuditModeAndIdleTimeout() {
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'all'");
    run(admin, "ALTER DATABASE prod SET IDLE_TIMEOUT 60");
    run(admin, "CLONE DATABASE c FROM prod");
    Database clone =
        engine.metastore().<Database>read(tx -> tx.databases().get(new DatabaseName("c")));
    assertThat(clone.auditDml().word()).isEqualTo("none");
    assertThat(engine.metastore().<Long>read(tx -> tx.databases().idleTimeout(clone.id())))
        .isZero();
  }
}
