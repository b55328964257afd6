package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.engine.AdvancingClock;
import dev.polder.engine.EngineHarness;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.model.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SHOW SESSIONS, KILL SESSION and idle timeouts. */
@SuppressWarnings("try")
final class SessionStatementsTest {
  private static final String PASSWORD = "another long password";
  private static final String MANY = "SELECT i, 'x' AS x FROM range(1000000) t(i) WHERE i >= 10";

  private final AdvancingClock clock = new AdvancingClock();
  private EngineHarness engine;
  private Session admin;
  private Session ann;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory, clock);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    for (String database : List.of("prod", "staging")) {
      run(admin, "CREATE DATABASE " + database + " FOR TENANT acme");
    }
    for (String user : List.of("ann", "olga", "rita")) {
      run(admin, "CREATE USER " + user + " PASSWORD '" + PASSWORD + "' TENANT acme");
      run(admin, "GRANT DATABASE_EDITOR ON DATABASE prod TO " + user);
    }
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO olga");
    run(engine.admin("acme", "prod"), "CREATE TABLE t (i INTEGER)");
    ann = engine.open("ann", PASSWORD, "prod");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static String kill(Session session) {
    return "KILL SESSION '" + session.id() + "'";
  }

  private Map<String, Object> shown(Session session) {
    return run(admin, "SHOW SESSIONS").stream()
        .filter(row -> session.id().toString().equals(row.get("session_id")))
        .findFirst()
        .orElseThrow();
  }

  private static Result.Rows open(Session session, String sql) {
    Result.Rows rows = (Result.Rows) session.execute(sql, List.of(), StatementOptions.defaults());
    assertThat(rows.next()).isTrue();
    return rows;
  }

  @Test
  void aSessionShowsWhoItIsWhatItMovedAndWhatItRuns() {
    ann.traffic().received(7);
    ann.traffic().sent(30);
    clock.advance(Duration.ofSeconds(90));
    assertThat(shown(ann))
        .containsEntry("user", "ann")
        .containsEntry("database", "prod")
        .containsEntry("tenant", "acme")
        .containsEntry("idle_seconds", 90L)
        .containsEntry("bytes_in", 7L)
        .containsEntry("bytes_out", 30L)
        .containsEntry("door", "test")
        .containsEntry("current_statement_digest", null);
    try (Result.Rows rows = open(ann, MANY)) {
      assertThat(shown(ann))
          .containsEntry(
              "current_statement_digest", "select i, ? as x from range (?) t (i) where i >= ?")
          .containsEntry("statement", MANY)
          .containsEntry("idle_seconds", 0L);
      Session olga = engine.open("olga", PASSWORD, "prod");
      assertThat(column(olga, "SHOW SESSIONS IN DATABASE prod", "statement"))
          .describedAs("values may be data")
          .doesNotContain(MANY);
    }
    assertThat(shown(ann)).containsEntry("current_statement_digest", null);
    assertThat(shown(admin)).containsEntry("current_statement_digest", "show sessions");
  }

  @Test
  void everybodySeesTheirOwnAnOwnerThoseInItsDatabase() {
    engine.admin("acme", "staging");
    Session olga = engine.open("olga", PASSWORD, "prod");
    assertThat(column(ann, "SHOW SESSIONS", "user")).containsExactly("ann");
    assertThat(column(olga, "SHOW SESSIONS", "user")).contains("ann", "olga", "admin");
    assertThat(column(olga, "SHOW SESSIONS", "database")).containsOnly("prod");
    assertThat(column(olga, "SHOW SESSIONS IN DATABASE prod", "user")).contains("ann", "olga");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SHOW SESSIONS IN DATABASE prod"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(olga, "SHOW SESSIONS IN DATABASE staging"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(olga, "SHOW SESSIONS IN DATABASE default"));
    assertThat(column(admin, "SHOW SESSIONS IN DATABASE staging", "user")).containsExactly("admin");
  }

  @Test
  void anIdleSessionIsEndedAtOnce() {
    run(ann, "BEGIN");
    run(ann, "INSERT INTO t VALUES (1)");
    run(admin, kill(ann));
    assertThat(ann.isOpen()).isFalse();
    refused(ErrorCode.SESSION_KILLED, () -> run(ann, "COMMIT"));
    assertThat(column(admin, "SHOW SESSIONS", "session_id")).doesNotContain(ann.id().toString());
    assertThat(run(engine.admin("acme", "prod"), "SELECT * FROM t")).isEmpty();
    refused(ErrorCode.SESSION_NOT_FOUND, () -> run(admin, kill(ann)));
  }

  @Test
  void anActiveSessionFinishesItsStatementAndEndsBeforeTheNext() {
    try (Result.Rows rows = open(ann, MANY)) {
      run(admin, kill(ann));
      assertThat(ann.isOpen()).isTrue();
      long count = rows.root().getRowCount();
      while (rows.next()) {
        count += rows.root().getRowCount();
      }
      assertThat(count).isEqualTo(999_990);
      refused(ErrorCode.SESSION_KILLED, () -> run(ann, "SELECT 1"));
    }
    assertThat(ann.isOpen()).isFalse();
    assertThat(column(admin, "SHOW SESSIONS", "session_id")).doesNotContain(ann.id().toString());
  }

  @Test
  void ownersEndSessionsInTheirDatabaseAndEverybodyTheirOwn() {
    Session olga = engine.open("olga", PASSWORD, "prod");
    Session rita = engine.open("rita", PASSWORD, "prod");
    Session elsewhere = engine.admin("acme", "staging");
    refused(ErrorCode.SESSION_NOT_FOUND, () -> run(rita, kill(ann)));
    refused(ErrorCode.SESSION_NOT_FOUND, () -> run(olga, kill(elsewhere)));
    refused(
        ErrorCode.SESSION_NOT_FOUND, () -> run(olga, "KILL SESSION '" + UUID.randomUUID() + "'"));
    assertThat(ErrorCode.SESSION_NOT_FOUND.sqlState()).isEqualTo("42704");
    run(olga, kill(ann));
    assertThat(ann.isOpen()).isFalse();
    run(rita, kill(rita));
    assertThat(rita.isOpen()).isFalse();
    refused(ErrorCode.SESSION_KILLED, () -> run(rita, "SELECT 1"));
    assertThat(column(olga, "SHOW AUDIT IN DATABASE prod", "event_type"))
        .contains("session_revoked");
  }

  @Test
  void aSessionThatWasIdleForTooLongEndsBeforeItsNextStatement() {
    run(admin, "ALTER DATABASE prod SET IDLE_TIMEOUT = 1800");
    clock.advance(Duration.ofSeconds(1_790));
    run(ann, "SELECT 1");
    clock.advance(Duration.ofSeconds(1_801));
    refused(ErrorCode.SESSION_IDLE_TIMEOUT, () -> run(ann, "SELECT 1"));
    assertThat(ann.isOpen()).isFalse();
    refused(ErrorCode.SESSION_IDLE_TIMEOUT, () -> run(ann, "SELECT 1"));
  }

  @Test
  void zeroSwitchesTheTimeoutOff() {
    run(admin, "ALTER DATABASE prod SET IDLE_TIMEOUT 60");
    run(admin, "ALTER DATABASE prod SET IDLE_TIMEOUT 0");
    clock.advance(Duration.ofMinutes(30));
    assertThat(run(ann, "SELECT 1")).hasSize(1);
  }

  @Test
  void noSessionEndsInTheMiddleOfAStatement() {
    run(admin, "ALTER DATABASE prod SET IDLE_TIMEOUT 60");
    try (Result.Rows rows = open(ann, MANY)) {
      Session idle = engine.open("rita", PASSWORD, "prod");
      clock.advance(Duration.ofMinutes(5));
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !idle.isOpen());
      assertThat(ann.isOpen()).isTrue();
      while (rows.next()) {
        rows.root().clear();
      }
    }
    assertThat(run(ann, "SELECT 1")).describedAs("it has not been idle").hasSize(1);
  }

  @Test
  void idleSessionsAreSweptWithoutARequest() {
    run(admin, "ALTER DATABASE prod SET IDLE_TIMEOUT 60");
    Session staging = engine.admin("acme", "staging");
    clock.advance(Duration.ofSeconds(61));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !ann.isOpen());
    refused(ErrorCode.SESSION_IDLE_TIMEOUT, () -> run(ann, "SELECT 1"));
    assertThat(staging.isOpen()).isTrue();
  }
}
