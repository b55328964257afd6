package dev.polder.engine.internal.quota;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.engine.SessionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quotas as sessions meet them, on DuckDB and SQLite. */
final class QuotasTest {
  private static final String SORT =
      "SELECT max(v) FROM (SELECT range || repeat('x', 200) AS v FROM range(2000000) ORDER BY v"
          + " LIMIT 1900000)";

  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private Session open() {
    return engine.admin("acme", "prod");
  }

  private void quota(String options) {
    run(admin, "ALTER DATABASE prod SET QUOTA (" + options + ")");
  }

  private Map<String, Object> row(String sql, String name) {
    return run(admin, sql).stream()
        .filter(row -> name.equals(row.get("quota_name")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void showTellsWhatCreateSaidAndTheDefaults() {
    run(
        admin,
        "CREATE DATABASE analytics WITH (max_memory_bytes=5368709120,"
            + " max_storage_bytes=10737418240, max_qps=5000, max_connections=500, cache_weight=2,"
            + " priority_class='critical', maintenance_cpu_pct=50)");
    String show = "SHOW DATABASE QUOTA FOR analytics";
    assertThat(column(admin, show, "quota_name"))
        .containsExactly(
            "memory_bytes",
            "storage_bytes",
            "qps",
            "connections",
            "temp_disk_bytes",
            "threads",
            "statement_seconds");
    assertThat(column(admin, show, "limit"))
        .containsExactly(
            "5368709120", "10737418240", "5000", "500", "unlimited", "unlimited", "unlimited");
    assertThat(row(show, "qps"))
        .containsEntry("database", "analytics")
        .containsEntry("priority_class", "critical")
        .containsEntry("cache_weight", 2L)
        .containsEntry("maintenance_cpu_pct", 50L);
    assertThat(row("SHOW DATABASE QUOTA FOR prod", "qps"))
        .containsEntry("limit", "unlimited")
        .containsEntry("priority_class", "standard")
        .containsEntry("cache_weight", 1L)
        .containsEntry("maintenance_cpu_pct", 25L);
    refused(ErrorCode.DATABASE_EXISTS, () -> run(admin, "CREATE DATABASE analytics"));
  }

  @Test
  void valuesThatAreNoneAreRefused() {
    for (String option :
        List.of(
            "max_qps = -1",
            "max_qps = '5k'",
            "max_threads = 5000",
            "cache_weight = 0",
            "maintenance_cpu_pct = 101",
            "priority_class = 'urgent'",
            "max_speed = 1")) {
      refused(ErrorCode.INVALID_PARAMETER, () -> quota(option));
    }
    refused(
        ErrorCode.INVALID_PARAMETER,
        () -> run(admin, "ALTER TENANT acme IN DATABASE prod SET QUOTA (cache_weight = 2)"));
    refused(
        ErrorCode.TENANT_NOT_FOUND,
        () -> run(admin, "ALTER TENANT default IN DATABASE prod SET QUOTA (max_qps = 2)"));
  }

  @Test
  void aChangeIsAuditedInTheDatabasesChainWithBeforeAndAfter() {
    quota("max_qps = 100");
    quota("max_qps = 200");
    List<Object> details =
        EngineHarness.column(
            engine.admin(),
            "SHOW AUDIT IN DATABASE prod WHERE event_type = 'database_quota_changed'",
            "detail");
    assertThat(details.getFirst().toString())
        .contains("\"before.max_qps\":\"100\"", "\"after.max_qps\":\"200\"");
  }

  @Test
  void theLastConnectionIsRefusedAndItsPlaceComesBack() {
    quota("max_connections = 2");
    Session first = open();
    Session second = open();
    refused(ErrorCode.CONNECTION_QUOTA_EXCEEDED, this::open);
    first.close();
    first.close();
    Session third = open();
    refused(ErrorCode.CONNECTION_QUOTA_EXCEEDED, this::open);
    run(admin, "KILL SESSION '" + second.id() + "'");
    Session fourth = open();
    run(admin, "CREATE DATABASE other FOR TENANT acme WITH (max_connections = 1)");
    run(fourth, "USE DATABASE other");
    Session fifth = open();
    refused(ErrorCode.CONNECTION_QUOTA_EXCEEDED, () -> run(fifth, "USE DATABASE other"));
    assertThat(fifth.database().value()).isEqualTo("prod");
    refused(ErrorCode.CONNECTION_QUOTA_EXCEEDED, this::open);
    assertThat(row("SHOW DATABASE USAGE FOR prod", "connections"))
        .containsEntry("current", 2L)
        .containsEntry("limit", "2")
        .containsEntry("percent_used", "100");
    third.close();
    fourth.close();
    fifth.close();
  }

  @Test
  void theSessionsOfOneConnectionTakeOnePlace() {
    quota("max_connections = 1");
    Session first = open();
    Session beside = engine.engine().openBeside(first);
    Session third = engine.engine().openBeside(beside);
    assertThat(third.database()).isEqualTo(first.database());
    refused(ErrorCode.CONNECTION_QUOTA_EXCEEDED, this::open);
    assertThat(row("SHOW DATABASE USAGE FOR prod", "connections")).containsEntry("current", 1L);
    first.close();
    third.close();
    refused(ErrorCode.CONNECTION_QUOTA_EXCEEDED, this::open);
    refused(ErrorCode.SESSION_CLOSED, () -> engine.engine().openBeside(first));
    run(admin, "CREATE DATABASE other FOR TENANT acme WITH (max_connections = 1)");
    Session again = engine.engine().openBeside(beside);
    run(beside, "USE DATABASE other");
    refused(ErrorCode.CONNECTION_QUOTA_EXCEEDED, this::open);
    run(again, "USE DATABASE other");
    open().close();
    again.close();
    beside.close();
    engine.admin("acme", "other").close();
  }

  @Test
  void aSessionThatCannotBeginTakesNoPlace() {
    quota("max_connections = 1");
    run(admin, "CREATE USER nobody PASSWORD 'another long password' TENANT acme");
    for (int i = 0; i < 3; i++) {
      refused(
          ErrorCode.ACCESS_DENIED, () -> engine.open("nobody", "another long password", "prod"));
      refused(ErrorCode.INVALID_PASSWORD, () -> engine.open("nobody", "wrong password", "prod"));
    }
    open().close();
  }

  @Test
  void aRefusedUseLeavesTheTransactionAsItWas() {
    run(admin, "CREATE DATABASE full FOR TENANT acme WITH (max_connections = 1)");
    Session other = engine.admin("acme", "full");
    Session session = open();
    run(session, "CREATE TABLE t (i INTEGER)");
    run(session, "BEGIN");
    run(session, "INSERT INTO t VALUES (1)");
    refused(ErrorCode.CONNECTION_QUOTA_EXCEEDED, () -> run(session, "USE DATABASE full"));
    assertThat(session.inTransaction()).isTrue();
    run(session, "COMMIT");
    assertThat(column(session, "SELECT i FROM t", "i")).containsExactly(1);
    other.close();
  }

  @Test
  void everyTierHoldsStatementsToItsRate() {
    Session session = open();
    for (String set :
        List.of(
            "ALTER TENANT acme IN DATABASE prod SET QUOTA (max_qps = 3)",
            "ALTER DATABASE prod SET QUOTA (max_qps = 3)")) {
      run(admin, set);
      run(session, "SELECT 1");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 50; i++) {
                  run(session, "SELECT 1");
                }
              })
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.QPS_QUOTA_EXCEEDED))
          .hasMessageContaining(set.contains("TENANT") ? "tenant 'acme'" : "database prod")
          .hasMessageContaining("max_qps = 3");
      run(admin, set.replace("max_qps = 3", "max_qps = 0"));
      for (int i = 0; i < 20; i++) {
        run(session, "SELECT 1");
      }
    }
    assertThat((Long) row("SHOW DATABASE USAGE FOR prod", "qps").get("current")).isPositive();
  }

  @Test
  void descriptionsCountAndWhatIsRunAfterItWasDescribedCountsOnce() {
    Session session = open();
    quota("max_qps = 3");
    refused(
        ErrorCode.QPS_QUOTA_EXCEEDED,
        () -> {
          for (int i = 0; i < 50; i++) {
            session.describe("SELECT 1");
          }
        });
    run(admin, "CREATE DATABASE other FOR TENANT acme WITH (max_qps = 5)");
    Session other = engine.admin("acme", "other");
    for (int i = 0; i < 5; i++) {
      other.describe("SELECT " + i);
      other.describe("SELECT " + i);
      run(other, "SELECT " + i);
    }
  }

  @Test
  void aTransactionCanEndHoweverManyStatementsCame() {
    Session session = open();
    run(session, "CREATE TABLE t (i INTEGER)");
    run(session, "BEGIN");
    run(session, "INSERT INTO t VALUES (1)");
    quota("max_qps = 1");
    refused(
        ErrorCode.QPS_QUOTA_EXCEEDED,
        () -> {
          for (int i = 0; i < 50; i++) {
            run(session, "SELECT 1");
          }
        });
    run(session, "commit;");
    quota("max_qps = 0");
    assertThat(column(session, "SELECT i FROM t", "i")).containsExactly(1);
  }

  @Test
  void aStatementEndsWhenItsTimeIsOver() {
    quota("max_statement_seconds = 1");
    Session session = open();
    refused(
        ErrorCode.STATEMENT_TIME_QUOTA_EXCEEDED,
        () ->
            run(
                session,
                "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range ="
                    + " b.range * 3"));
  }

  @Test
  void aStatementHasNoMoreMemoryThanItsQuota() {
    Session session = open();
    run(session, SORT);
    quota("max_memory_bytes = 67108864, max_temp_disk_bytes = 1048576");
    assertThatThrownBy(() -> run(session, SORT))
        .isInstanceOfSatisfying(
            PolderException.class,
            e ->
                assertThat(e.code())
                    .as(e.getMessage())
                    .isIn(ErrorCode.MEMORY_QUOTA_EXCEEDED, ErrorCode.TEMP_DISK_QUOTA_EXCEEDED))
        .hasMessageContaining("database prod");
    refused(
        ErrorCode.MEMORY_QUOTA_EXCEEDED,
        () -> run(session, "SELECT length(list(range)::VARCHAR) FROM range(30000000)"));
    quota("max_memory_bytes = 0, max_temp_disk_bytes = 0");
    run(session, SORT);
  }

  @Test
  void theTenantsOfADatabaseShareItsMemory() {
    run(admin, "CREATE TENANT beta");
    run(admin, "CREATE DATABASE home FOR TENANT beta");
    run(admin, "MOVE TENANT beta FROM home TO prod");
    quota("max_memory_bytes = 104857600");
    Session acme = open();
    Session beta = engine.admin("beta", "prod");
    run(acme, "SELECT 1");
    run(beta, "SELECT 1");
    List<String> names = new ArrayList<>();
    for (Session each : List.of(acme, beta)) {
      assertThatThrownBy(() -> run(each, "SELECT length(list(range)::VARCHAR) FROM range(9000000)"))
          .isInstanceOfSatisfying(PolderException.class, e -> names.add(e.code().name()));
    }
    assertThat(names).containsOnly("MEMORY_QUOTA_EXCEEDED");
  }

  @Test
  void aCommitBeyondTheStorageChangesNothingAndDeletesAndDropsPass() {
    Session session = open();
    run(session, "CREATE TABLE t AS SELECT range AS i, hash(range) AS h FROM range(100000)");
    long used = (Long) row("SHOW DATABASE USAGE FOR prod", "storage_bytes").get("current");
    assertThat(used).isPositive();
    quota("max_storage_bytes = " + (used + 5_000));
    refused(
        ErrorCode.STORAGE_QUOTA_EXCEEDED,
        () -> run(session, "INSERT INTO t SELECT range, hash(range) FROM range(100000)"));
    assertThat(column(session, "SELECT count(*) AS n FROM t", "n")).containsExactly(100000L);
    assertThat(row("SHOW DATABASE USAGE FOR prod", "storage_bytes")).containsEntry("current", used);
    quota("max_storage_bytes = 1");
    refused(ErrorCode.STORAGE_QUOTA_EXCEEDED, () -> run(session, "CREATE TABLE u (i INTEGER)"));
    run(session, "DELETE FROM t WHERE i = 7");
    run(session, "DELETE FROM t WHERE i > 50000");
    run(session, "TRUNCATE t");
    run(session, "DROP TABLE t");
  }

  @Test
  void anAppendThatFitsIsNotRefusedForOneThatDoesNot() {
    Session session = open();
    run(session, "CREATE TABLE t (i BIGINT, h UBIGINT)");
    long used = (Long) row("SHOW DATABASE USAGE FOR prod", "storage_bytes").get("current");
    quota("max_storage_bytes = " + (used + 200_000));
    List<Thread> threads = new ArrayList<>();
    List<SessionId> refused = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 6; i++) {
      int rows = i % 2 == 0 ? 10 : 200_000;
      Session own = open();
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              run(own, "INSERT INTO t SELECT range, hash(range) FROM range(" + rows + ")");
            } catch (PolderException e) {
              assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_QUOTA_EXCEEDED);
              refused.add(own.id());
            }
          }));
    }
    Awaitility.await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    assertThat(refused).hasSize(3);
    assertThat(column(session, "SELECT count(*) AS n FROM t", "n")).containsExactly(30L);
  }

  @Test
  void quotasStayBehindWhenADatabaseIsClonedAndGoWithATenantThatMoves() {
    quota("max_qps = 1000");
    run(admin, "ALTER TENANT acme IN DATABASE prod SET QUOTA (max_qps = 500)");
    run(admin, "CLONE DATABASE copy FROM prod WITH (materialize = 'manual')");
    assertThat(row("SHOW DATABASE QUOTA FOR copy", "qps")).containsEntry("limit", "unlimited");
    assertThat(row("SHOW TENANT QUOTA FOR acme IN DATABASE copy", "qps"))
        .containsEntry("limit", "unlimited");
    run(admin, "DROP DATABASE copy CASCADE");
    run(admin, "CREATE DATABASE small WITH (max_qps = 400)");
    refused(ErrorCode.PREFLIGHT_FAILED, () -> run(admin, "MOVE TENANT acme FROM prod TO small"));
    run(admin, "ALTER DATABASE small SET QUOTA (max_qps = 500)");
    run(admin, "MOVE TENANT acme FROM prod TO small");
    assertThat(row("SHOW TENANT QUOTA FOR acme IN DATABASE small", "qps"))
        .containsEntry("limit", "500")
        .containsEntry("tenant", "acme");
  }
}
